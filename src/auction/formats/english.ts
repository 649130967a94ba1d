import type { PlaceBid } from '../commands.ts'
import { accept, reject } from '../decision.ts'
import type { AuctionExtended, BidAccepted } from '../events.ts'
import { incrementAt } from '../increment.ts'
import type { Minor } from '../money.ts'
import { softCloseEnd } from '../soft-close.ts'
import type { Auction, Open, StandingBid } from '../state.ts'
import type { Format } from './format.ts'

/** The price rises, bids are public, the last one standing wins. Every accepted bid changes the standing bid. */
export const english: Format = {
  refusalForEver(auction, bid) {
    const minimumMinor = minimumOver(auction, auction.standingBid)
    return bid.amountMinor >= minimumMinor ? undefined : { code: 'bid-too-low', minimumMinor }
  },

  place(auction, bid, at) {
    const { standingBid, conditions } = auction
    if (standingBid?.bidder.id === bid.bidder.id && !conditions.mayRaiseOwnBid) {
      return reject({ code: 'own-bid' })
    }
    const { bidId, bidder, amountMinor } = bid
    const accepted: BidAccepted = { type: 'BidAccepted', at, bidId, bidder, amountMinor }
    return accept(accepted, ...extensions(auction, at))
  },

  afterBid(auction, { bidId, bidder, amountMinor, at }) {
    const standingBid: StandingBid = { bidId, bidder, amountMinor, at, seq: auction.seq }
    return { ...auction, standingBid, bidCount: auction.bidCount + 1 }
  },

  result({ standingBid }) {
    if (standingBid === null) return { outcome: 'passed' }
    return {
      outcome: 'sold',
      hammerPriceMinor: standingBid.amountMinor,
      winner: standingBid.bidder,
    }
  },

  shown(auction) {
    switch (auction.phase) {
      case 'scheduled':
        return { standingBid: null, minimumNextBidMinor: minimumOver(auction, null) }
      case 'open': {
        const { standingBid } = auction
        return { standingBid, minimumNextBidMinor: minimumOver(auction, standingBid) }
      }
      case 'closed':
        return { standingBid: auction.standingBid, minimumNextBidMinor: null }
      case 'cancelled':
        return { standingBid: null, minimumNextBidMinor: null }
    }
  },
}

function minimumOver({ conditions }: Auction, standingBid: StandingBid | null): Minor {
  if (standingBid === null) return conditions.startPriceMinor
  return standingBid.amountMinor + incrementAt(standingBid.amountMinor, conditions.increments)
}

function extensions(auction: Open, at: PlaceBid['at']): AuctionExtended[] {
  const { conditions, endsAt: from, extensionCount, creditedMs } = auction
  const { softClose } = conditions
  const endsAt = softCloseEnd({ softClose, endsAt: from, at, extensionCount, creditedMs })
  if (endsAt === undefined) return []
  return [{ type: 'AuctionExtended', at, reason: 'soft-close', from, endsAt }]
}
