import { language } from '../words/say.ts'

/**
 * An instant of the wire in the reader's own time zone: the time of day, with the date unless it is today by `nowMs`. The
 * full date and the zone show when it is pointed at.
 */
export function Instant({ at, nowMs }: { at: string; nowMs: number }) {
  const { clockLocale, locale } = language()
  const date = new Date(at)
  const isToday = date.toDateString() === new Date(nowMs).toDateString()
  const time = date.toLocaleTimeString(clockLocale)
  const day = date.toLocaleDateString(locale, { month: 'short', day: 'numeric' })
  const full = date.toLocaleString(clockLocale, { dateStyle: 'full', timeStyle: 'long' })
  return (
    <time dateTime={at} title={full}>
      {isToday ? time : `${day}, ${time}`}
    </time>
  )
}
