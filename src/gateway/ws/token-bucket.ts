import type { Clock } from '../../lib/clock.ts'

/** One client's tokens: plain data, since there is one for each socket. */
export interface TokenBucket {
  tokens: number
  /** When they were counted, on the monotonic clock. */
  atMs: number
}

/** Refills every bucket steadily; one holds `burst` at most. */
export interface TokenRate {
  fullBucket(): TokenBucket
  take(bucket: TokenBucket): boolean
  /** How long until there is one again. */
  waitMs(bucket: TokenBucket): number
}

export function createTokenRate(options: {
  clock: Clock
  perSecond: number
  burst: number
}): TokenRate {
  const { clock, perSecond, burst } = options
  const refill = (bucket: TokenBucket) => {
    const nowMs = clock.monotonicMs()
    bucket.tokens = Math.min(burst, bucket.tokens + ((nowMs - bucket.atMs) / 1000) * perSecond)
    bucket.atMs = nowMs
  }
  return {
    fullBucket: () => ({ tokens: burst, atMs: clock.monotonicMs() }),
    take(bucket) {
      refill(bucket)
      if (bucket.tokens < 1) return false
      bucket.tokens--
      return true
    },
    waitMs(bucket) {
      refill(bucket)
      return bucket.tokens >= 1 ? 0 : Math.ceil(((1 - bucket.tokens) / perSecond) * 1000)
    },
  }
}
