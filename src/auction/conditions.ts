import type { Minor } from './money.ts'

/** What the seller fixed before opening. Instants are ms since 1970 of cluster time. */
export interface Conditions {
  readonly currency: string
  readonly startPriceMinor: Minor
  /** Rising by `fromMinor`, the first from 0: the increment in force is that of the last band not above the standing bid. */
  readonly increments: readonly IncrementBand[]
  readonly startsAt: number
  /** As fixed by the seller; extensions move the auction's own `endsAt`, not this. */
  readonly endsAt: number
  readonly softClose: SoftClose | null
  /** Whether the bidder of the standing bid may bid again. */
  readonly mayRaiseOwnBid: boolean
}

export interface IncrementBand {
  readonly fromMinor: Minor
  readonly stepMinor: Minor
}

/** A bid accepted with less than `windowMs` left moves the end: by `extensionMs` (add), or to bid time + extensionMs (reset). */
export interface SoftClose {
  readonly windowMs: number
  readonly extensionMs: number
  readonly mode: 'add' | 'reset'
  readonly maxExtensions?: number
  readonly hardEndsAt?: number
}

export const defaultSoftClose: SoftClose = { windowMs: 30_000, extensionMs: 60_000, mode: 'add' }
