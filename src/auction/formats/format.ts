import type { PlaceBid } from '../commands.ts'
import type { Decision } from '../decision.ts'
import type { BidAccepted, Result } from '../events.ts'
import type { Minor } from '../money.ts'
import type { Rejection } from '../rejection.ts'
import type { Auction, Open, StandingBid } from '../state.ts'

/**
 * How one kind of sale treats bids. Phases, deadlines, sellers and outages are the same for all and not asked here.
 * Nothing says that prices rise, that a bid leaves the auction open (a falling price closes with the first bid: `place`
 * answers BidAccepted and AuctionClosed), or that anyone may see a bid (a sealed one shows null).
 */
export interface Format {
  /** A refusal of this bid that stays true whatever follows, so that even a late bid may be told. */
  refusalForEver(auction: Open, bid: PlaceBid): Rejection | undefined
  /** The bid in its time, `at`, when nothing refuses it for ever: what happens, or why not now. */
  place(auction: Open, bid: PlaceBid, at: number): Decision
  /** The auction after an accepted bid; its seq and time are those of the event already. Total. */
  afterBid(auction: Open, event: BidAccepted): Open
  /** What a close at this moment makes of it. */
  result(auction: Open): Result
  /** What the public may see of price and bids. */
  shown(auction: Auction): Shown
}

export interface Shown {
  readonly standingBid: StandingBid | null
  /** What a bid must reach now; null where no bid can come any more, or where bidders are not told. */
  readonly minimumNextBidMinor: Minor | null
}
