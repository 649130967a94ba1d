import type { AuctionEvent } from './events.ts'
import type { Rejection } from './rejection.ts'

/** What `decide` answers: at least one event, or why not. */
export type Decision =
  | { readonly ok: true; readonly events: readonly [AuctionEvent, ...AuctionEvent[]] }
  | { readonly ok: false; readonly rejection: Rejection }

export function accept(first: AuctionEvent, ...more: AuctionEvent[]): Decision {
  return { ok: true, events: [first, ...more] }
}

export function reject(rejection: Rejection): Decision {
  return { ok: false, rejection }
}
