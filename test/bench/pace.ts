/** What was done in some time, and how long each took. */
export interface Pace {
  readonly count: number
  readonly tookMs: number
  readonly latenciesMs: Float64Array
}

export function perSecond(paces: readonly Pick<Pace, 'count' | 'tookMs'>[]): number {
  const tookMs = sum(paces.map((pace) => pace.tookMs))
  return tookMs === 0 ? 0 : (sum(paces.map(({ count }) => count)) * 1_000) / tookMs
}

/** The smallest time that at least `share` of all took no longer than; over several slices, of all of them together. */
export function latencyMs(paces: readonly Pick<Pace, 'latenciesMs'>[], share: number): number {
  const sorted = Float64Array.from(paces.flatMap(({ latenciesMs }) => [...latenciesMs])).sort()
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? NaN
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
