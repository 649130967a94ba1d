import type { TurnDeps } from './commit-turn.ts'
import { engineLimits } from './limits.ts'
import type { WaitingLine } from './waiting-line.ts'

/** One auction's bids that the node with the lock was asked to decide, as many askings at once as there are. */
export interface BidsAway {
  /** Sends what waits to who holds the lock. What he does not decide comes back to the line. False where we have to hold it. */
  send(): Promise<boolean>
  count(): number
  untilOneIsBack(): Promise<void>
}

export function createBidsAway(
  deps: Pick<TurnDeps, 'forwarder' | 'locks'>,
  auctionId: string,
  line: WaitingLine,
  onBack: () => void,
): BidsAway {
  const { forwarder, locks } = deps
  const askings = new Set<Promise<void>>()
  let count = 0
  const mustHold = () =>
    locks.holds(auctionId) || (line.bids.first()?.returns ?? 0) >= engineLimits.forwardReturnsMax

  return {
    async send() {
      if (forwarder === undefined || locks.holds(auctionId)) return false
      line.bids.refuseBound()
      if (line.bids.first() === undefined) return true
      const holder = mustHold() ? undefined : await forwarder.holderOf(auctionId)
      if (holder === undefined || mustHold()) return false
      const bids = line.takeBids(engineLimits.handMax)
      const asking = forwarder.forward(auctionId, holder, bids).then((left) => {
        askings.delete(asking)
        count -= bids.length
        line.putBack(left.filter((bid) => !bid.isAnswered))
        onBack()
      })
      askings.add(asking)
      count += bids.length
      return true
    },
    count: () => count,
    untilOneIsBack: () => Promise.race(askings),
  }
}
