import type { Clock } from '../../lib/clock.ts'

/** Refills steadily; holds `burst` at most. */
export interface TokenBucket {
  take(): boolean
  /** How long until there is one again. */
  waitMs(): number
}

export function createTokenBucket(options: {
  clock: Clock
  perSecond: number
  burst: number
}): TokenBucket {
  const { clock, perSecond, burst } = options
  let tokens = burst
  let atMs = clock.monotonicMs()
  const refill = () => {
    const nowMs = clock.monotonicMs()
    tokens = Math.min(burst, tokens + ((nowMs - atMs) / 1000) * perSecond)
    atMs = nowMs
  }
  return {
    take() {
      refill()
      if (tokens < 1) return false
      tokens--
      return true
    },
    waitMs() {
      refill()
      return tokens >= 1 ? 0 : Math.ceil(((1 - tokens) / perSecond) * 1000)
    },
  }
}
