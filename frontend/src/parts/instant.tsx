import { language, type Language } from '../words/say.ts'

/**
 * An instant of the wire in the reader's own time zone: the time of day, with the date unless it is today by `nowMs`. The
 * full date, the zone and UTC show when it is pointed at.
 */
export function Instant({ at, nowMs }: { at: string; nowMs: number }) {
  const formats = formatsOf(language())
  const date = new Date(at)
  const isToday = date.toDateString() === new Date(nowMs).toDateString()
  const time = formats.time.format(date)
  return (
    <time dateTime={at} title={`${formats.full.format(date)} · ${date.toISOString()}`}>
      {isToday ? time : `${formats.day.format(date)}, ${time}`}
    </time>
  )
}

interface Formats {
  readonly time: Intl.DateTimeFormat
  readonly day: Intl.DateTimeFormat
  readonly full: Intl.DateTimeFormat
}

const known = new Map<Language['code'], Formats>()

/** Kept, since making one costs more than all that it is used for. */
function formatsOf({ code, locale, clockLocale }: Language): Formats {
  const formats = known.get(code) ?? {
    time: new Intl.DateTimeFormat(clockLocale, { timeStyle: 'medium' }),
    day: new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' }),
    full: new Intl.DateTimeFormat(clockLocale, { dateStyle: 'full', timeStyle: 'long' }),
  }
  known.set(code, formats)
  return formats
}
