import type { AuctionJson } from '../../../src/protocol/auction.ts'

/** What the price of an auction is called just now, as a key of the words. */
export function priceName(auction: AuctionJson): 'startPrice' | 'standingBid' | 'hammerPrice' {
  if (auction.standingBid === null) return 'startPrice'
  return auction.phase === 'closed' ? 'hammerPrice' : 'standingBid'
}
