import { type Bid, readBids } from './bids.ts'
import type { BidAnswer, HistoryLine } from './history.ts'
import { groupLines } from './lines.ts'

/** Within how long after it was first sent a bid should have its final outcome. */
export const availableWithinMs = 5_000

/** How many bids learned in time what became of them. Every bid is in exactly one of the four counts after `bidCount`. */
export interface Availability {
  readonly bidCount: number
  readonly inTimeCount: number
  readonly lateCount: number
  /** Their last word was that nobody can serve them now (overloaded, paused, not reached): told, but no outcome. */
  readonly putOffCount: number
  /** Nothing but "unknown", or no answer at all. */
  readonly neverCount: number
  /** Of all bids; undefined without any. */
  readonly share: number | undefined
}

/** The machinery's refusals: they say nothing of the bid, whoever takes them as an answer. */
const puttingOff: ReadonlySet<string> = new Set([
  ...['overloaded', 'store-unavailable', 'closing', 'draining', 'unsettled', 'quarantined'],
  ...['rate-limited', 'not-sent'],
])

/**
 * Counts bids, not copies: from the first time a bid was sent to the first answer that settled it. Settled is a bid that was
 * accepted, or refused by the rules of the sale (finally, or for its moment in a way that its client took as the answer).
 */
export function availability(history: readonly HistoryLine[]): Availability {
  const counts = { bidCount: 0, inTimeCount: 0, lateCount: 0, putOffCount: 0, neverCount: 0 }
  for (const bid of readBids(groupLines(history)).all) {
    if (bid.firstInvokeMs === undefined) continue
    counts.bidCount++
    counts[fateOf(bid, bid.firstInvokeMs)]++
  }
  const { bidCount, inTimeCount } = counts
  return { ...counts, share: bidCount === 0 ? undefined : inTimeCount / bidCount }
}

function fateOf(
  bid: Bid,
  sentMs: number,
): 'inTimeCount' | 'lateCount' | 'putOffCount' | 'neverCount' {
  const answers = bid.steps.filter((step): step is BidAnswer => step.t === 'answer')
  const settled = answers.find(isSettling)
  if (settled !== undefined)
    return settled.atMs - sentMs <= availableWithinMs ? 'inTimeCount' : 'lateCount'
  return answers.some(({ outcome }) => outcome === 'rejected') ? 'putOffCount' : 'neverCount'
}

function isSettling({ outcome, code = '', final }: BidAnswer): boolean {
  if (outcome === 'accepted') return true
  return outcome === 'rejected' && (final === true || !puttingOff.has(code))
}
