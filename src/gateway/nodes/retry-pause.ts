import type { Clock } from '../../lib/clock.ts'
import { linkLimits } from './link-protocol.ts'

/** How long a failure keeps us from the next try: twice as long after each, until something went well. */
export interface RetryPause {
  readonly isOver: boolean
  /** @returns its length in ms */
  begin(): number
  /** The next one is short again. */
  reset(): void
}

export function createRetryPause(clock: Clock): RetryPause {
  const { retryMsMin, retryMsMax } = linkLimits
  let nextMs: number = retryMsMin
  let endsAtMs = -Infinity
  return {
    get isOver() {
      return clock.monotonicMs() >= endsAtMs
    },
    begin() {
      const pauseMs = nextMs
      nextMs = Math.min(retryMsMax, nextMs * 2)
      endsAtMs = clock.monotonicMs() + pauseMs
      return pauseMs
    },
    reset() {
      nextMs = retryMsMin
    },
  }
}
