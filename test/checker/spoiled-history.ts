import type { EventJson } from '../../src/protocol/event.ts'
import { check } from './checker.ts'
import { auctionId, historyOf, instant, soundHistory, soundJournal } from './hand-made-history.ts'
import type { BidAnswer, HistoryLine, JournalEvent, LineOf } from './history.ts'
import type { Rule } from './violation.ts'

/** Ways to spoil one thing in the hand-made history, and what the checker says of it. */
export const rulesBroken = (history: readonly HistoryLine[]): Rule[] => [
  ...new Set(check(history).map(({ rule }) => rule)),
]

/** The history with the same change in every node's journal: what the cluster agrees on may be wrong all the same. */
export function journals(change: (events: JournalEvent[]) => unknown): HistoryLine[] {
  return historyOf(() => {
    const events: JournalEvent[] = soundJournal()
    change(events)
    return events
  })
}

/** The history with one line, the first that fits, changed. */
export function line<T extends HistoryLine['t']>(
  t: T,
  fits: (line: LineOf<T>) => boolean,
  change: Partial<LineOf<T>>,
): HistoryLine[] {
  const history = soundHistory()
  const at = history.findIndex(
    (one) => one.t === t && (fits as (line: HistoryLine) => boolean)(one),
  )
  const found = history[at]
  if (found === undefined) throw new Error(`no such ${t}`)
  history[at] = { ...found, ...change }
  return history
}

/** Puts these events, numbered anew, in the place of the others. */
export function renumber(events: JournalEvent[], into = events): void {
  const numbered = events.map((event, index) => ({ ...event, seq: index + 1 }))
  into.splice(0, into.length, ...numbered)
}

export const bidAt = (
  seconds: number,
  bidId: string,
  bidder: string,
  amount: string,
): EventJson => ({
  ...{ seq: 0, type: 'BidAccepted', at: instant(seconds), bidId },
  ...{ bidder: { id: bidder, name: bidder }, amount },
})

/** One more bid, sent and answered; by default after bob's bid stands (seq 4) and before ann's (seq 5). */
export function oneMore(
  told: Partial<BidAnswer>,
  bid: { bidder?: string; amount?: string; bidId?: string; atMs?: number } = {},
): HistoryLine[] {
  const { bidder = 'bob', amount = '103.00', bidId = 'bid-more', atMs = 30_000 } = bid
  const answer = { t: 'answer', atMs: atMs + 10, auctionId, bidId, outcome: 'rejected' } as const
  return [
    ...soundHistory(),
    { t: 'invoke', atMs, auctionId, bidId, bidder, amount },
    { ...answer, ...told },
  ]
}

/** An outage credit, stamped at `seconds`. */
export const credit = (
  outageId: string,
  seconds: number,
  from: number,
  to: number,
): JournalEvent => ({
  ...{ seq: 0, type: 'AuctionExtended', at: instant(seconds), reason: 'outage', outageId },
  ...{ from: instant(from), endsAt: instant(to) },
})
