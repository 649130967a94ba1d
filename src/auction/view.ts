import type { IncrementBand, SoftClose } from './conditions.ts'
import type { Result } from './events.ts'
import { formatOf } from './formats/format-of.ts'
import type { Minor } from './money.ts'
import type { Person } from './person.ts'
import type { Auction, StandingBid } from './state.ts'

/** What the public may see of an auction; amounts in minor units, instants in ms of cluster time. */
export interface AuctionView {
  readonly phase: Auction['phase']
  readonly seller: Person
  readonly currency: string
  readonly startsAt: number
  /** The end in force, extensions included. */
  readonly endsAt: number
  readonly startPriceMinor: Minor
  readonly standingBid: StandingBid | null
  /** Null once no bid can come any more. */
  readonly minimumNextBidMinor: Minor | null
  readonly bidCount: number
  readonly increments: readonly IncrementBand[]
  readonly softClose: SoftClose | null
  readonly mayRaiseOwnBid: boolean
  /** By soft close; time given back for outages is not counted. */
  readonly extensionCount: number
  /** Null before the close, and for ever when cancelled. */
  readonly result: Result | null
  readonly seq: number
}

export function view(state: Auction): AuctionView {
  const { currency, startsAt, startPriceMinor, increments, softClose, mayRaiseOwnBid } =
    state.conditions
  const ran = state.phase === 'open' || state.phase === 'closed'
  return {
    phase: state.phase,
    seller: state.seller,
    currency,
    startsAt,
    endsAt: state.endsAt,
    startPriceMinor,
    ...formatOf(state).shown(state),
    bidCount: ran ? state.bidCount : 0,
    increments,
    softClose,
    mayRaiseOwnBid,
    extensionCount: ran ? state.extensionCount : 0,
    result: state.phase === 'closed' ? state.result : null,
    seq: state.seq,
  }
}

/** What the next bid must reach; null once closed or cancelled. */
export function minimumNextBid(state: Auction): Minor | null {
  return formatOf(state).shown(state).minimumNextBidMinor
}
