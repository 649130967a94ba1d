import type { Clock } from '../../lib/clock.ts'

/** One client's tokens: plain data, since there is one for each socket. */
export interface TokenBucket {
  /** Below zero after a `charge` of more than there was. */
  tokens: number
  /** When they were counted, on the monotonic clock. */
  atMs: number
}

/** Refills every bucket steadily; one holds `burst` at most. A price above `burst` counts as `burst`: it takes a full bucket. */
export interface TokenRate {
  fullBucket(): TokenBucket
  /** Takes the price (1 without), if there is enough. */
  take(bucket: TokenBucket, price?: number): boolean
  /** Takes the price in any case: for what turned out to be dear. The debt is at most `burst`. */
  charge(bucket: TokenBucket, price: number): void
  /** How long until there is enough for the price (1 without). */
  waitMs(bucket: TokenBucket, price?: number): number
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
    take(bucket, price = 1) {
      refill(bucket)
      const wanted = Math.min(price, burst)
      if (bucket.tokens < wanted) return false
      bucket.tokens -= wanted
      return true
    },
    charge(bucket, price) {
      refill(bucket)
      bucket.tokens = Math.max(-burst, bucket.tokens - price)
    },
    waitMs(bucket, price = 1) {
      refill(bucket)
      const missing = Math.min(price, burst) - bucket.tokens
      return missing <= 0 ? 0 : Math.ceil((missing / perSecond) * 1000)
    },
  }
}
