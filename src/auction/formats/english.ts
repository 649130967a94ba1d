import type { PlaceBid } from '../commands.ts'
import { accept, reject } from '../decision.ts'
import type { AuctionExtended, BidAccepted } from '../events.ts'
import { minimumAfter } from '../increment.ts'
import { amountMaxMinor, type Minor } from '../money.ts'
import { softCloseEnd } from '../soft-close.ts'
import type { Auction, Open, StandingBid } from '../state.ts'
import type { Format } from './format.ts'

/** The price rises, bids are public, the last one standing wins. Every accepted bid changes the standing bid. */
export const english: Format = {
  refusalForEver(auction, bid) {
    const minimumMinor = minimumOver(auction, auction.standingBid)
    const isEnough = minimumMinor !== null && bid.amountMinor >= minimumMinor
    return isEnough ? undefined : { code: 'bid-too-low', minimumMinor }
  },

  place(auction, bid, at) {
    const { standingBid, conditions } = auction
    if (standingBid?.bidder.id === bid.bidder.id && !conditions.mayRaiseOwnBid) {
      return reject({ code: 'own-bid' })
    }
    const { bidId, bidder, amountMinor } = bid
    const maximumMinor = maximumOver(auction)
    if (amountMinor > maximumMinor) return reject({ code: 'step-too-large', maximumMinor })
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

function minimumOver({ conditions }: Auction, standingBid: StandingBid | null): Minor | null {
  if (standingBid === null) return conditions.startPriceMinor
  return minimumAfter(standingBid.amountMinor, conditions.increments)
}

/** One bid raises the price to this many times what is asked at most: so that a slip or spite does not end the sale. */
const stepFactorMax = 100
/** In minor units: up to here a bid is never too large. */
const freeUpToMinor: Minor = 1_000_000

function maximumOver(auction: Open): Minor {
  const minimumMinor = minimumOver(auction, auction.standingBid) ?? amountMaxMinor
  return Math.min(amountMaxMinor, Math.max(freeUpToMinor, minimumMinor * stepFactorMax))
}

function extensions(auction: Open, at: PlaceBid['at']): AuctionExtended[] {
  const { conditions, endsAt: from, extensionCount, creditedMs } = auction
  const { softClose } = conditions
  const endsAt = softCloseEnd({ softClose, endsAt: from, at, extensionCount, creditedMs })
  if (endsAt === undefined) return []
  return [{ type: 'AuctionExtended', at, reason: 'soft-close', from, endsAt }]
}
