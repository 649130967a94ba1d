import type { Clock } from '../lib/clock.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import { createTokenRate, type TokenBucket } from './ws/token-bucket.ts'

/** One bucket for each key. */
export interface CountedRate {
  take(key: string, price: number): boolean
  charge(key: string, price: number): void
  /** 0 when there is enough for the price. */
  waitMs(key: string, price: number): number
}

/**
 * @param options of the `keysMax` keys that spent last the buckets are kept; a key that was dropped begins again with a full
 * one, and the budget of the node as a whole holds against a caller that has so many
 */
export function createCountedRate(options: {
  clock: Clock
  perSecond: number
  burst: number
  keysMax: number
}): CountedRate {
  const rate = createTokenRate(options)
  const buckets = createGrowingCache<TokenBucket>(options.keysMax)
  const bucketOf = (key: string): TokenBucket => {
    const known = buckets.get(key)
    if (known !== undefined) return known
    const bucket = rate.fullBucket()
    buckets.set(key, bucket)
    return bucket
  }
  return {
    take: (key, price) => rate.take(bucketOf(key), price),
    charge: (key, price) => rate.charge(bucketOf(key), price),
    waitMs: (key, price) => rate.waitMs(bucketOf(key), price),
  }
}
