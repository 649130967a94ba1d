import type { Clock } from '../lib/clock.ts'
import type { Desk } from './desk.ts'
import type { BidOutcome } from './engine.ts'
import type {
  ForwardedAnswer,
  ForwardedAnswers,
  ForwardedBid,
  ForwardedBids,
} from './forwarding.ts'
import type { HeldLocks } from './held-locks.ts'
import { isUndecided, waitingBid } from './waiting-bid.ts'

/** The receiving end of forwarding: bids of other nodes wait at the auction's desk with our own, in one line. */
export function createForwardedTaker(deps: {
  clock: Clock
  locks: Pick<HeldLocks, 'keyOf'>
  isServing: () => boolean
  deskOf: (auctionId: string) => Desk
}): (forwarded: ForwardedBids) => Promise<ForwardedAnswers> {
  const { clock, locks, isServing, deskOf } = deps

  const take = (
    { auctionId, lockKey }: ForwardedBids,
    { at, bidId, bidder, amountMinor }: ForwardedBid,
  ) =>
    new Promise<ForwardedAnswer | null>((resolve) => {
      const tell = (outcome: BidOutcome) => {
        if (isUndecided(outcome)) resolve(null)
        else resolve({ outcome, ...(bid.timing !== undefined && { timing: bid.timing }) })
      }
      const command = { type: 'PlaceBid', at, bidId, bidder, amountMinor } as const
      const bid = waitingBid(command, clock.monotonicMs(), tell, lockKey)
      if (!deskOf(auctionId).offer(bid)) resolve(null)
    })

  return async (forwarded) => {
    const isOurs = isServing() && locks.keyOf(forwarded.auctionId) === forwarded.lockKey
    if (!isOurs) return forwarded.bids.map(() => null)
    return Promise.all(forwarded.bids.map((bid) => take(forwarded, bid)))
  }
}
