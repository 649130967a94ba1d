import { type Counters, growthOf } from './counters.ts'

/**
 * A share of what a Prometheus histogram counted between two looks, in the histogram's unit: the upper bound of the bucket that
 * it falls into, or a value within it where buckets are wide (linear in between). Infinity beyond the last bound.
 */
export function quantileBetween(
  name: string,
  share: number,
  before: Counters,
  after: Counters,
): number {
  const buckets = [...after.keys()].flatMap((key) => {
    const bound = key.startsWith(`${name}_bucket{`) ? /le="([^"]+)"/.exec(key)?.[1] : undefined
    if (bound === undefined) return []
    const max = bound === '+Inf' ? Infinity : Number(bound)
    return [{ max, count: growthOf(key, before, after) }]
  })
  buckets.sort((a, b) => a.max - b.max)
  const wanted = share * (buckets.at(-1)?.count ?? 0)
  let below = { max: 0, count: 0 }
  for (const bucket of buckets) {
    if (bucket.count >= wanted && bucket.count > below.count) {
      if (bucket.max === Infinity) return Infinity
      const within = (wanted - below.count) / (bucket.count - below.count)
      return below.max + (bucket.max - below.max) * within
    }
    below = bucket
  }
  return NaN
}
