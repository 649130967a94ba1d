import { minorOf } from './amount.ts'
import type { BidAnswer, BidInvoke } from './history.ts'
import type { Lines } from './lines.ts'

/** One bid: everything that was sent and told under its bidId, in order. */
export interface Bid {
  readonly auctionId: string
  readonly bidId: string
  readonly bidder: string | undefined
  /** Every amount that was sent under this id; more than one only where somebody tried to use an id twice. */
  readonly amounts: readonly number[]
  readonly firstInvokeMs: number | undefined
  readonly steps: readonly (BidInvoke | BidAnswer)[]
}

interface Draft extends Bid {
  bidder: string | undefined
  amounts: number[]
  firstInvokeMs: number | undefined
  steps: (BidInvoke | BidAnswer)[]
}

export interface Bids {
  readonly all: readonly Bid[]
  of(auctionId: string, bidId: string): Bid | undefined
}

export function readBids(lines: Lines): Bids {
  const auctions = new Map<string, Map<string, Draft>>()
  const all: Draft[] = []
  const draftOf = (auctionId: string, bidId: string): Draft => {
    let auction = auctions.get(auctionId)
    if (auction === undefined) auctions.set(auctionId, (auction = new Map<string, Draft>()))
    let draft = auction.get(bidId)
    if (draft === undefined) {
      const empty = { bidder: undefined, amounts: [], firstInvokeMs: undefined, steps: [] }
      draft = { auctionId, bidId, ...empty }
      auction.set(bidId, draft)
      all.push(draft)
    }
    return draft
  }
  for (const line of lines.bidding) {
    const draft = draftOf(line.auctionId, line.bidId)
    draft.steps.push(line)
    if (line.t === 'answer') continue
    const amount = minorOf(line.amount)
    draft.bidder ??= line.bidder
    draft.firstInvokeMs = Math.min(draft.firstInvokeMs ?? Infinity, line.atMs)
    if (!draft.amounts.includes(amount)) draft.amounts.push(amount)
  }
  return { all, of: (auctionId, bidId) => auctions.get(auctionId)?.get(bidId) }
}
