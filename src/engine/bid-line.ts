import { must } from '../lib/assert.ts'
import { Mailbox } from '../lib/mailbox.ts'
import type { WaitingBid } from './waiting-bid.ts'
import type { BidRefusalCode } from './engine.ts'
import { engineLimits } from './limits.ts'

/** Bids in the order in which they came, at most `waitingBidsMax`. */
export interface BidLine {
  first(): WaitingBid | undefined
  size(): number
  /** False when it is full. */
  offer(bid: WaitingBid): boolean
  take(countMax: number): WaitingBid[]
  /** Back to the front: they were taken before those that wait now. */
  putBack(bids: readonly WaitingBid[]): void
  /** Bids that another node forwarded to us as the holder of a lock that we no longer hold: not taken. */
  refuseBound(): void
  /** Those that came at this time of the monotonic clock or before. */
  refuseUntil(ms: number): void
  refuseAll(code: 'store-unavailable' | 'overloaded'): void
}

export function createBidLine(): BidLine {
  const bids = new Mailbox<WaitingBid>({ capacity: engineLimits.waitingBidsMax })
  const offerOrRefuse = (bid: WaitingBid) => bids.offer(bid) || refuse(bid, 'overloaded')

  return {
    first: () => bids.peek(),
    size: () => bids.size,
    offer: (bid) => bids.offer(bid),
    take(countMax) {
      const taken: WaitingBid[] = []
      while (taken.length < countMax && bids.size > 0) taken.push(must(bids.take(), 'bid'))
      return taken
    },
    putBack: (back) => [...back, ...bids.drain()].forEach(offerOrRefuse),
    refuseBound() {
      for (const bid of bids.drain()) {
        if (bid.boundTo === undefined) bids.offer(bid)
        else refuse(bid, 'overloaded')
      }
    },
    refuseUntil(ms) {
      while ((bids.peek()?.sinceMs ?? Infinity) <= ms)
        refuse(must(bids.take(), 'bid'), 'overloaded')
    },
    refuseAll: (code) => bids.drain().forEach((bid) => refuse(bid, code)),
  }
}

/** Refuses this copy of a bid for now. */
export function refuse(bid: WaitingBid, code: BidRefusalCode): void {
  const { bidId } = bid.command
  bid.answer({ outcome: 'rejected', bidId, code, final: false, retryAfterMs: 500 })
}
