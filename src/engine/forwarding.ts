import type { Minor } from '../auction/money.ts'
import type { Person } from '../auction/person.ts'
import type { Key } from '../store/store.ts'
import type { BidOutcome, BidTiming } from './engine.ts'

/**
 * A node without an auction's lock forwards its bids to the one that holds it. They are bound to the holder's key: they are
 * decided under that key or not at all there. So whoever holds the lock after it finds in the journal what became of them, and
 * a forwarded bid that nobody answered is in no other danger than one whose commit was not answered.
 */
export interface ForwardedBids {
  readonly auctionId: string
  /** The key of the holder in the lock's queue. */
  readonly lockKey: Key
  readonly bids: readonly ForwardedBid[]
}

/** As its first node stamped it. */
export interface ForwardedBid {
  readonly bidId: string
  readonly bidder: Person
  readonly amountMinor: Minor
  /** Cluster time, ms. */
  readonly at: number
}

/** What the holder decided, or `unknown` where its commit was not answered. */
export interface ForwardedAnswer {
  readonly outcome: BidOutcome
  readonly timing?: BidTiming
}

/** In the order of the bids; null where one was not taken: it was not decided there, and will not be. */
export type ForwardedAnswers = readonly (ForwardedAnswer | null)[]

export type Forwarded =
  | { readonly kind: 'answered'; readonly answers: ForwardedAnswers }
  /** Nothing left this node. */
  | { readonly kind: 'not-sent' }
  /** The link broke, or nobody answered in time: a copy may still be decided under the key that it is bound to. */
  | { readonly kind: 'unknown' }

/** Another node of the cluster, in its present incarnation. */
export interface NodeAddress {
  readonly nodeId: string
  readonly sessionId: string
  /** As it advertises it: http or https. */
  readonly url: string
}

/** The ways from this node to others. */
export interface NodeLinks {
  /** Never throws. Bids that are forwarded to one node one after the other arrive in that order. */
  forward(to: NodeAddress, bids: ForwardedBids, withinMs: number): Promise<Forwarded>
}
