import { parseAmount } from '../../../src/auction/money.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { EventJson } from '../../../src/protocol/event.ts'

/** What a seller looks at while the price climbs. */
export interface SaleFigures {
  readonly bidderCount: number
  readonly bidsPerMinute: number
  /** Above the start price, in whole per cent; undefined before the first bid. */
  readonly risePercent: number | undefined
}

export function saleFiguresOf(
  auction: AuctionJson,
  events: readonly EventJson[],
  nowMs: number,
): SaleFigures {
  const bids = events.filter((event) => event.type === 'BidAccepted')
  const minor = (amount: string) => parseAmount(amount, auction.currency) ?? 0
  const start = minor(auction.startPrice)
  const { standingBid } = auction
  return {
    bidderCount: new Set(bids.map(({ bidder }) => bidder.id)).size,
    bidsPerMinute: bids.filter(({ at }) => Date.parse(at) > nowMs - 60_000).length,
    risePercent:
      standingBid === null || start === 0
        ? undefined
        : Math.round((minor(standingBid.amount) / start - 1) * 100),
  }
}
