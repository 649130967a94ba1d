import type { Conditions } from './conditions.ts'
import type { Result } from './events.ts'
import type { Minor } from './money.ts'
import type { Person } from './person.ts'

/** The fold of an auction's events. `undefined` before AuctionCreated. */
export type Auction = Scheduled | Open | Closed | Cancelled

export interface AuctionBase {
  readonly format: 'english'
  readonly seller: Person
  readonly conditions: Conditions
  /** Seq of the newest event folded in; 1 after AuctionCreated. */
  readonly seq: number
  /** Time of the newest event: none that follows is earlier. */
  readonly lastEventAt: number
  /** The end in force; never moves back. */
  readonly endsAt: number
}
export interface Scheduled extends AuctionBase {
  readonly phase: 'scheduled'
}
export interface Running {
  readonly standingBid: StandingBid | null
  readonly bidCount: number
  /** Moves of the end by soft close; time given back for outages is not counted. */
  readonly extensionCount: number
  /** Time given back for outages, in all: the hard end moves by exactly this. */
  readonly creditedMs: number
  /** The newest outages that were given back, so that none is given twice; at most 8 are kept. */
  readonly creditedOutages: readonly string[]
  /** When time was last given back, 0 if never: any outage before that is settled, whatever it is called. */
  readonly creditedUntil: number
}
export interface Open extends AuctionBase, Running {
  readonly phase: 'open'
}
export interface Closed extends AuctionBase, Running {
  readonly phase: 'closed'
  readonly closedAt: number
  readonly result: Result
}
export interface Cancelled extends AuctionBase {
  readonly phase: 'cancelled'
  readonly cancelledAt: number
}

export interface StandingBid {
  readonly bidId: string
  readonly bidder: Person
  readonly amountMinor: Minor
  readonly at: number
  readonly seq: number
}
