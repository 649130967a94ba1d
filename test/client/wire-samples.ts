import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { Events, Snapshot } from '../../src/protocol/down.ts'
import type { EventJson } from '../../src/protocol/event.ts'
import type { BidAcceptanceJson } from '../../src/protocol/outcome.ts'

export const lotId = '01JD0000000000000000000001'
export const epoch = 'e1'
const noon = '2026-01-01T12:00:00.000Z'

export function auctionAt(seq: number, changes: Partial<AuctionJson> = {}): AuctionJson {
  return {
    id: lotId,
    epoch,
    title: 'A brass sextant',
    description: '',
    seller: { id: 'p-seller', name: 'Sam' },
    currency: 'USD',
    phase: 'open',
    startsAt: noon,
    endsAt: '2026-01-01T12:10:00.000Z',
    startPrice: '100.00',
    standingBid: null,
    minimumNextBid: '100.00',
    bidCount: 0,
    increment: '1.00',
    softClose: null,
    mayRaiseOwnBid: false,
    extensions: 0,
    result: null,
    seq,
    serverTime: noon,
    ...changes,
  }
}

export function bidEvent(seq: number): EventJson {
  const bidder = { id: 'p-ann', name: 'Ann' }
  return {
    type: 'BidAccepted',
    seq,
    at: noon,
    bidId: `bid-${seq}-xxxx`,
    bidder,
    amount: `${seq}.00`,
  }
}

/** The events from seq `from` to seq `to`, both included. */
export function run(from: number, to: number): EventJson[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => bidEvent(from + index))
}

export function snapshotAt(
  seq: number,
  recent = run(1, seq),
  changes: Partial<Snapshot> = {},
): Snapshot {
  return {
    type: 'snapshot',
    auctionId: lotId,
    epoch,
    seq,
    auction: auctionAt(seq),
    recent,
    ...changes,
  }
}

/** The events after `prevSeq` up to `seq`. */
export function eventsAfter(prevSeq: number, seq: number, changes: Partial<Events> = {}): Events {
  return {
    type: 'events',
    auctionId: lotId,
    epoch,
    prevSeq,
    seq,
    events: run(prevSeq + 1, seq),
    auction: auctionAt(seq),
    ...changes,
  }
}

export function acceptance(bidId: string, seq = 7): BidAcceptanceJson {
  return {
    outcome: 'accepted',
    bidId,
    seq,
    amount: '120.00',
    at: noon,
    minimumNextBid: '121.00',
    endsAt: '2026-01-01T12:10:00.000Z',
  }
}
