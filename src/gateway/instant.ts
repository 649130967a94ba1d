/** Ms since 1970 as RFC 3339 UTC with milliseconds; fractions of a millisecond are dropped. */
export function formatInstant(ms: number): string {
  return new Date(Math.floor(ms)).toISOString()
}

/** RFC 3339, already known to be well-formed, as ms since 1970; undefined for a day that does not exist. */
export function parseInstant(text: string): number | undefined {
  const ms = Date.parse(text)
  return Number.isNaN(ms) ? undefined : ms
}
