import type { Minor } from './money.ts'

/** A refusal is a value; this list is closed. `decide` returns it, the engine adds where and whether it is final. */
export type Rejection =
  /** Final: the price only rises. Without a minimum no bid can follow: it would be beyond every amount. */
  | { readonly code: 'bid-too-low'; readonly minimumMinor: Minor | null }
  /** Final: sold, passed or cancelled. */
  | { readonly code: 'closed' }
  /** Final: the seller never may. */
  | { readonly code: 'seller-may-not-bid' }
  /** Of this moment only. */
  | { readonly code: 'not-open'; readonly startsAt: number }
  /** Of this moment only: the bidder's own bid stands, and the conditions forbid raising it. */
  | { readonly code: 'own-bid' }
  /** Of this moment only: the price may come so far. */
  | { readonly code: 'step-too-large'; readonly maximumMinor: Minor }
  /** Stamped at or after the end in force, which is not closed yet: wait for the close or for the end to move. */
  | { readonly code: 'late'; readonly endsAt: number }
  /** Close asked before the end in force. */
  | { readonly code: 'not-due'; readonly endsAt: number }
  /** Open asked before the start, or of an auction that is open already. */
  | { readonly code: 'not-scheduled' }
  | { readonly code: 'not-seller' }
  | { readonly code: 'has-bids' }
  /** Conditions that contradict themselves; `field` says where. */
  | { readonly code: 'bad-conditions'; readonly field: string; readonly detail: string }

export type RejectionCode = Rejection['code']

/** Whether more time can only confirm it. Everything else speaks of this moment. */
export function isFinal(code: RejectionCode): boolean {
  return code === 'bid-too-low' || code === 'closed' || code === 'seller-may-not-bid'
}
