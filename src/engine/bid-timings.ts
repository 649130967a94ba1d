import type { BidTiming } from './engine.ts'

/** Where the time of the newest accepted bids of this node went. Kept in memory only: for those who want to see it. */
export interface BidTimings {
  note(bid: TimedBid, timing: BidTiming): void
  of(bid: TimedBid): BidTiming | undefined
}

export interface TimedBid {
  auctionId: string
  bidderId: string
  bidId: string
}

const timingsMax = 2_000

/** A ring: noted with every bid, looked through when somebody asks. */
export function createBidTimings(): BidTimings {
  const ring: { bid: TimedBid; timing: BidTiming }[] = []
  let next = 0
  return {
    note(bid, timing) {
      ring[next] = { bid, timing }
      next = (next + 1) % timingsMax
    },
    of: ({ auctionId, bidderId, bidId }) =>
      ring.find(
        ({ bid }) =>
          bid.bidId === bidId && bid.bidderId === bidderId && bid.auctionId === auctionId,
      )?.timing,
  }
}
