/** How many stories a law is tried on: few by default, as many as `LOTKEEPER_LAW_RUNS` says for a long look. */
export function lawRuns(byDefault: number): number {
  return Number(process.env['LOTKEEPER_LAW_RUNS'] ?? byDefault)
}

export const lawTimeout = { timeout: 60_000 + lawRuns(0) * 5_000 }
