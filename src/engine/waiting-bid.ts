import type { PlaceBid } from '../auction/commands.ts'
import type { Key } from '../store/store.ts'
import { hashBidId } from './bid-ids.ts'
import type { BidOutcome, BidRefusalCode, BidTiming } from './engine.ts'

/** A bid on its way: what was asked, and how to tell its bidder. */
export interface WaitingBid {
  readonly command: PlaceBid
  /** Of bidder and bidId (bid-ids.ts). */
  readonly hash: number
  /** When this node received it, on its monotonic clock. */
  readonly sinceMs: number
  /** Once; later answers are not heard. */
  answer(outcome: BidOutcome): void
  readonly isAnswered: boolean
  /** Forwarded to us: it is decided under this lock key, or not here. */
  readonly boundTo?: Key
  /** How often we forwarded it and it came back. */
  returns: number
  /** Where the time of an accepted bid went. */
  timing?: BidTiming
  /** A copy of it may still be decided elsewhere: then it is not told that it was not counted. */
  isAfloat: boolean
}

/** Told of a copy of a bid that was never decided; every other refusal is a decision. */
const undecided: readonly BidRefusalCode[] = [
  ...(['overloaded', 'store-unavailable', 'closing'] as const),
  ...(['no-such-auction', 'quarantined'] as const),
]

/** Whether it says no more than that this copy was not counted. */
export function isUndecided(outcome: BidOutcome): boolean {
  return outcome.outcome === 'rejected' && undecided.includes(outcome.code)
}

/** A bid that came in here. Of one that may still be decided elsewhere it is not told that it was not counted, but that nobody knows. */
export function waitingBid(
  command: PlaceBid,
  sinceMs: number,
  resolve: (outcome: BidOutcome) => void,
  boundTo?: Key,
): WaitingBid {
  const bid: WaitingBid & { isAnswered: boolean } = {
    command,
    hash: hashBidId(command.bidder.id, command.bidId),
    sinceMs,
    ...(boundTo !== undefined && { boundTo }),
    returns: 0,
    isAfloat: false,
    isAnswered: false,
    answer(outcome) {
      if (bid.isAnswered) return
      bid.isAnswered = true
      const isOpen = bid.isAfloat && isUndecided(outcome)
      resolve(isOpen ? { outcome: 'unknown', bidId: command.bidId } : outcome)
    },
  }
  return bid
}
