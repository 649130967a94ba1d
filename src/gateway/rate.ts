import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Metrics } from '../lib/metrics.ts'
import type { ProtocolLimits } from '../protocol/limits.ts'

/** Counts per key on this node alone: a cluster of n nodes lets through n times as much. */
export interface Rate {
  /** Takes one; undefined when there was one, else how long to wait. */
  take(key: string): Promise<number | undefined>
  /** How long to wait for one, without taking it. */
  look(key: string): Promise<number | undefined>
}

export interface Rates {
  /** By user. */
  readonly bids: Rate
  readonly writes: Rate
  /** By address. */
  readonly reads: Rate
  readonly sessions: Rate
  readonly wrongTokens: Rate
}

export function createRates(limits: ProtocolLimits, metrics: Metrics): Rates {
  const bids = createRate(limits.bidsPerSecond, limits.bidsBurst)
  return {
    bids: {
      ...bids,
      async take(key) {
        const waitMs = await bids.take(key)
        // The engine counts what reaches it; this bid never does.
        if (waitMs !== undefined) metrics.count('bids_total', rateLimited)
        return waitMs
      },
    },
    writes: createRate(limits.writesPerSecond, limits.writesBurst),
    reads: createRate(limits.readsPerSecond, limits.readsBurst),
    sessions: createRate(limits.sessionsPerSecond, limits.sessionsBurst),
    wrongTokens: createRate(limits.wrongTokensPerSecond, limits.wrongTokensBurst),
  }
}

const rateLimited = { outcome: 'rejected', code: 'rate-limited' }

/** `burst` within each `burst / perSecond` seconds from the first on. */
function createRate(perSecond: number, burst: number): Rate {
  const limiter = new RateLimiterMemory({ points: burst, duration: burst / perSecond })
  return {
    async take(key) {
      try {
        await limiter.consume(key)
        return undefined
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return refusal.msBeforeNext
        throw refusal
      }
    },
    async look(key) {
      const seen = await limiter.get(key)
      return seen !== null && seen.consumedPoints >= burst ? seen.msBeforeNext : undefined
    },
  }
}
