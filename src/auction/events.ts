import type { Conditions } from './conditions.ts'
import type { Minor } from './money.ts'
import type { Person } from './person.ts'

/**
 * Facts, in the past tense. `at` is cluster time in ms and never runs back within an auction.
 * An event's seq is its place in the journal, from 1; it is not part of the event.
 */
export type AuctionEvent =
  AuctionCreated | AuctionOpened | BidAccepted | AuctionExtended | AuctionClosed | AuctionCancelled

export interface AuctionCreated {
  readonly type: 'AuctionCreated'
  readonly at: number
  readonly seller: Person
  /** The format of the sale; the first is the English auction. */
  readonly format: 'english'
  readonly conditions: Conditions
}
export interface AuctionOpened {
  readonly type: 'AuctionOpened'
  readonly at: number
}
export interface BidAccepted {
  readonly type: 'BidAccepted'
  readonly at: number
  readonly bidId: string
  readonly bidder: Person
  readonly amountMinor: Minor
}
export interface AuctionExtended {
  readonly type: 'AuctionExtended'
  readonly at: number
  readonly reason: 'soft-close' | 'outage'
  /** The end in force before, and now. */
  readonly from: number
  readonly endsAt: number
  /** With reason `outage`: which one, so that it is given back once. */
  readonly outageId?: string
}
export interface AuctionClosed {
  readonly type: 'AuctionClosed'
  readonly at: number
  readonly result: Result
}
export interface AuctionCancelled {
  readonly type: 'AuctionCancelled'
  readonly at: number
}

export type Result =
  | { readonly outcome: 'sold'; readonly hammerPriceMinor: Minor; readonly winner: Person }
  | { readonly outcome: 'passed' }
