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

export function createBidTimings(): BidTimings {
  const timings = new Map<string, BidTiming>()
  const keyOf = ({ auctionId, bidderId, bidId }: TimedBid) => `${auctionId} ${bidderId} ${bidId}`
  return {
    note(bid, timing) {
      timings.set(keyOf(bid), timing)
      const [oldest] = timings.keys()
      if (timings.size > timingsMax && oldest !== undefined) timings.delete(oldest)
    },
    of: (bid) => timings.get(keyOf(bid)),
  }
}
