import type { CancelAuction, CloseAuction, OpenAuction } from '../auction/commands.ts'
import type { Rejection } from '../auction/rejection.ts'
import type { Guard } from '../store/store.ts'
import type { Copy } from './copies.ts'

/** A command that is no bid: from the leader (with its leadership as proof), or a seller's cancellation. */
export interface Control {
  readonly command: OpenAuction | CloseAuction | CancelAuction
  /** Holds beside the lock's guard, on this commit only: never on one that carries bids. */
  readonly proof: readonly Guard[]
}

export type ControlOutcome =
  | { readonly kind: 'done'; readonly copy: Copy }
  | { readonly kind: 'refused'; readonly rejection: Rejection }
  /** A proof fell: we lead no more. */
  | { readonly kind: 'disproved' }
  | { readonly kind: 'no-such-auction' }
  /** Not done for now (`suspended`, `quarantined`, `overloaded`), or not known whether (`unknown`); asking again is safe. */
  | {
      readonly kind: 'failed'
      readonly code: 'suspended' | 'quarantined' | 'overloaded' | 'unknown'
    }

export interface WaitingControl extends Control {
  readonly sinceMs: number
  answer(outcome: ControlOutcome): void
}
