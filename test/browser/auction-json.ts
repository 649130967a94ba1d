import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { EventJson } from '../../src/protocol/event.ts'
import type { PersonJson } from '../../src/protocol/person.ts'

export const noon = Date.UTC(2026, 0, 1, 12)
export const ann: PersonJson = { id: 'ann', name: 'Ann' }
export const bob: PersonJson = { id: 'bob', name: 'Bob' }

/** An open auction at noon, with a minute left. */
export function auctionJson(over: Partial<AuctionJson> = {}): AuctionJson {
  return {
    id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
    epoch: 'e',
    title: 'Brass telescope',
    description: '',
    seller: { id: 'seller', name: 'Selma' },
    currency: 'USD',
    phase: 'open',
    startsAt: new Date(noon - 60_000).toISOString(),
    endsAt: new Date(noon + 60_000).toISOString(),
    startPrice: '100.00',
    standingBid: null,
    minimumNextBid: '100.00',
    bidCount: 0,
    increment: '5.00',
    softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add', maxExtensions: 10 },
    mayRaiseOwnBid: false,
    extensions: 0,
    result: null,
    seq: 2,
    serverTime: new Date(noon).toISOString(),
    ...over,
  }
}

export function standingBidOf(bidder: PersonJson, amount = '100.00') {
  return { standingBid: { amount, bidder, at: new Date(noon).toISOString(), seq: 3 } }
}

/** `bidJson(3, ann, '100.00')`: the event at seq 3, that many seconds after noon. */
export function bidJson(seq: number, bidder: PersonJson, amount: string) {
  const at = new Date(noon + seq * 1000).toISOString()
  return {
    ...{ type: 'BidAccepted' as const, seq, at, bidId: `bid-${seq}`, bidder, amount },
  } satisfies EventJson
}
