/** Ends and starts are told again and again: a few instants are kept as they were told. */
const kept: { ms: number; text: string }[] = []
/** A prime: ends are whole minutes from what else is told. */
const keptMax = 61

/** Ms since 1970 as RFC 3339 UTC with milliseconds; fractions of a millisecond are dropped. */
export function formatInstant(ms: number): string {
  const whole = Math.floor(ms)
  const place = whole % keptMax
  const known = kept[place]
  if (known?.ms === whole) return known.text
  const text = new Date(whole).toISOString()
  kept[place] = { ms: whole, text }
  return text
}

/** RFC 3339, already known to be well-formed, as ms since 1970; undefined for a day that does not exist. */
export function parseInstant(text: string): number | undefined {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
