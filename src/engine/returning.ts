import type { WaitingBid } from './waiting-bid.ts'
import { engineLimits } from './limits.ts'

/**
 * Whether those who are answered bid again at once, as programs do and people do not: then the next batch is worth waiting for,
 * a little. Learned from the batches themselves.
 */
export interface Returning {
  /** A hand was answered; so many others wait already. */
  answered(hand: readonly WaitingBid[], waitingCount: number, nowMs: number): void
  /** The next hand is taken. */
  taken(hand: readonly WaitingBid[]): void
  /** How many the next hand is expected to hold, and for how long they may be awaited; undefined where nobody is. */
  expected(nowMs: number): { count: number; withinMs: number } | undefined
}

const shareMin = 0.5

export function createReturning(): Returning {
  /** Of the newest two hands: those who bid together may come back in two groups. */
  let before: ReadonlySet<string> = new Set()
  let last: ReadonlySet<string> = new Set()
  let doReturn = false
  let expectedCount = 0
  let untilMs = -Infinity

  return {
    answered(hand, waitingCount, nowMs) {
      before = last
      last = new Set(hand.map(({ command }) => command.bidder.id))
      expectedCount = Math.min(engineLimits.handMax, hand.length + waitingCount)
      untilMs = nowMs + engineLimits.gatherMs
    },
    taken(hand) {
      const isBack = ({ command: { bidder } }: WaitingBid) =>
        last.has(bidder.id) || before.has(bidder.id)
      doReturn = hand.filter(isBack).length >= hand.length * shareMin
    },
    expected(nowMs) {
      const isWorthIt = doReturn && expectedCount >= engineLimits.gatherFrom && untilMs > nowMs
      return isWorthIt ? { count: expectedCount, withinMs: untilMs - nowMs } : undefined
    },
  }
}
