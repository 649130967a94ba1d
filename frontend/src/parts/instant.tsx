/** An instant of the wire in the reader's own time zone: the time of day, with the date unless it is today by `nowMs`. */
export function Instant({ at, nowMs }: { at: string; nowMs: number }) {
  const date = new Date(at)
  const isToday = date.toDateString() === new Date(nowMs).toDateString()
  const time = date.toLocaleTimeString('en-GB')
  const day = date.toLocaleDateString('en-US', { month: 'short', day: 'numeric' })
  return <time dateTime={at}>{isToday ? time : `${day}, ${time}`}</time>
}
