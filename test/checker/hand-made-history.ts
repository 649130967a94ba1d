import type { EventJson } from '../../src/protocol/event.ts'
import type { FeedEvent, HistoryLine, JournalEvent, RawBatch } from './history.ts'

/**
 * A short history without a fault: one auction on two nodes, three bids of which the last extends the end, one refusal, one
 * bid that stayed unknown, a watcher, two leaders. Tests spoil one thing in it at a time.
 */
export const auctionId = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
export const nodes = ['n1', 'n2']

const zeroMs = Date.parse('2026-01-01T12:00:00.000Z')
export const instant = (seconds: number) => new Date(zeroMs + seconds * 1_000).toISOString()
const ann = { id: 'ann', name: 'Ann' }
const bob = { id: 'bob', name: 'Bob' }

export function soundJournal(): EventJson[] {
  return [
    {
      seq: 1,
      type: 'AuctionCreated',
      at: instant(0),
      seller: { id: 'sel', name: 'Sel' },
      format: 'english',
      currency: 'USD',
      startPrice: '100.00',
      increment: '1.00',
      startsAt: instant(0),
      endsAt: instant(60),
      softClose: { windowMs: 10_000, extensionMs: 20_000, mode: 'add' },
      mayRaiseOwnBid: false,
    },
    { seq: 2, type: 'AuctionOpened', at: instant(0) },
    { seq: 3, type: 'BidAccepted', at: instant(1), bidId: 'bid-1', bidder: ann, amount: '100.00' },
    { seq: 4, type: 'BidAccepted', at: instant(2), bidId: 'bid-2', bidder: bob, amount: '101.00' },
    { seq: 5, type: 'BidAccepted', at: instant(55), bidId: 'bid-3', bidder: ann, amount: '105.00' },
    {
      seq: 6,
      type: 'AuctionExtended',
      at: instant(55),
      reason: 'soft-close',
      from: instant(60),
      endsAt: instant(80),
    },
    {
      seq: 7,
      type: 'AuctionClosed',
      at: instant(80.3),
      result: { outcome: 'sold', hammerPrice: '105.00', winner: ann },
    },
  ]
}

/** The history that these journals, one a node, would leave behind. */
export function historyOf(journalOf: (node: string) => JournalEvent[]): HistoryLine[] {
  const bid = (bidder: string, bidId: string, amount: string, atMs: number): HistoryLine => ({
    ...{ t: 'invoke', atMs, auctionId, bidId, bidder, amount },
  })
  const accepted = (bidId: string, seq: number, atMs: number): HistoryLine => ({
    ...{ t: 'answer', atMs, auctionId, bidId, outcome: 'accepted', seq, node: 'n1' },
  })
  const refusal = { outcome: 'rejected', code: 'bid-too-low', final: true, seq: 4 } as const
  return [
    bid('ann', 'bid-1', '100.00', 1_000),
    accepted('bid-1', 3, 1_010),
    bid('bob', 'bid-2', '101.00', 2_000),
    accepted('bid-2', 4, 2_010),
    bid('bob', 'bid-low', '101.50', 3_000),
    { t: 'answer', atMs: 3_010, auctionId, bidId: 'bid-low', ...refusal },
    bid('bob', 'bid-lost', '102.00', 4_000),
    { t: 'answer', atMs: 9_000, auctionId, bidId: 'bid-lost', outcome: 'unknown' },
    { t: 'read', invokedMs: 5_000, atMs: 5_010, auctionId, seq: 4 },
    bid('ann', 'bid-3', '105.00', 55_000),
    accepted('bid-3', 5, 55_010),
    { t: 'leader', atMs: 100, seenBy: 'n1#1', nodeId: 'n1', term: '10' },
    { t: 'leader', atMs: 60_000, seenBy: 'n1#1', nodeId: 'n2', term: '20' },
    { t: 'beacon', atMs: 100, term: '10', timeMs: zeroMs },
    { t: 'beacon', atMs: 60_000, term: '20', timeMs: zeroMs + 60_000 },
    ...feedOf(soundJournal()),
    ...nodes.flatMap((node) => tellingOf(node, journalOf(node))),
    { t: 'raw', auctionId, batches: batchesOf(soundJournal()) },
    { t: 'frozen', node: 'n2', auctionId, deposedSlot: 2, thawSlot: 3 },
    { t: 'end', atMs: 90_000 },
  ]
}

export const soundHistory = () => historyOf(soundJournal)

function feedOf(events: readonly EventJson[]): HistoryLine[] {
  const seen = events.map(({ seq, type, ...rest }): FeedEvent =>
    'bidId' in rest ? { seq, type, bidId: rest.bidId } : { seq, type },
  )
  const base = { t: 'feed', watcher: 'watcher-n1', auctionId } as const
  const at = (seconds: number) => ({ atMs: seconds * 1_000, wallMs: zeroMs + seconds * 1_000 })
  return [
    { ...base, ...at(0.5), kind: 'snapshot', prevSeq: 0, seq: 2, events: seen.slice(0, 2) },
    { ...base, ...at(2.1), kind: 'events', prevSeq: 2, seq: 4, events: seen.slice(2, 4) },
    { ...base, ...at(55.1), kind: 'events', prevSeq: 4, seq: 6, events: seen.slice(4, 6) },
    { ...base, ...at(80.4), kind: 'events', prevSeq: 6, seq: 7, events: seen.slice(6) },
  ]
}

function tellingOf(node: string, events: readonly JournalEvent[]): HistoryLine[] {
  const closed = events.find((event) => event.type === 'AuctionClosed')
  const view: HistoryLine = {
    ...{ t: 'view', node, auctionId, phase: 'closed', seq: events.length, endsAt: instant(80) },
    ...{ extensions: 1, winner: closed?.result.winner?.id },
    hammerPrice: closed?.result.hammerPrice,
  }
  return [view, { t: 'journal', node, auctionId, events }]
}

function batchesOf(events: readonly EventJson[]): RawBatch[] {
  const bounds = [0, 2, 3, 4, 6, 7]
  return bounds.slice(1).map((end, index) => {
    const some = events.slice(bounds[index], end)
    return {
      slot: index + 1,
      firstSeq: (bounds[index] ?? 0) + 1,
      eventCount: some.length,
      writer: 'writer-of-n1',
      bidIds: some.flatMap((event) => (event.type === 'BidAccepted' ? [event.bidId] : [])),
      revision: String(100 + index),
    }
  })
}
