import type { Person } from '../../src/auction/person.ts'
import { formatAmount, parseAmount } from '../../src/auction/money.ts'
import { isFinal, type Rejection } from '../../src/auction/rejection.ts'
import { must } from '../../src/lib/assert.ts'
import type { Outcome } from '../../src/protocol/down.ts'
import type { Bid } from '../../src/protocol/up.ts'
import type { StubLots } from './stub-lots.ts'

type BidFrame = Pick<Bid, 'bidId' | 'auctionId' | 'amount'>

/** Decides a bid as the wire tells it. The same bidId again gets the first answer. */
export function placeStubBid(lots: StubLots, bidder: Person, frame: BidFrame): Outcome {
  const { auctionId, bidId, amount } = frame
  const { currency } = must(lots.record(auctionId), 'lot').auction
  const first = lots
    .events(auctionId)
    .find(({ event }) => event.type === 'BidAccepted' && event.bidId === bidId)
  if (first === undefined) {
    const amountMinor = must(parseAmount(amount, currency), 'amount')
    const at = Date.now()
    const rejection = lots.command(auctionId, { type: 'PlaceBid', at, bidId, bidder, amountMinor })
    if (rejection !== undefined) return refused(lots, frame, rejection)
  }
  const { auction } = must(lots.record(auctionId), 'lot')
  const minimum = auction.minimumNextBidMinor
  return {
    type: 'outcome',
    outcome: 'accepted',
    auctionId,
    bidId,
    seq: first?.seq ?? auction.standingBid?.seq ?? 0,
    amount: String(amount),
    at: new Date().toISOString(),
    minimumNextBid: minimum === null ? null : formatAmount(minimum, currency),
    endsAt: new Date(auction.endsAt).toISOString(),
  }
}

function refused(lots: StubLots, { auctionId, bidId }: BidFrame, rejection: Rejection): Outcome {
  const { auction } = must(lots.record(auctionId), 'lot')
  const code = rejection.code === 'late' ? 'closing' : rejection.code
  return {
    type: 'outcome',
    outcome: 'rejected',
    auctionId,
    bidId,
    code: code as 'bid-too-low',
    final: isFinal(rejection.code),
    seq: auction.seq,
    ...(rejection.code === 'bid-too-low' &&
      rejection.minimumMinor !== null && {
        minimumNextBid: formatAmount(rejection.minimumMinor, auction.currency),
      }),
  }
}
