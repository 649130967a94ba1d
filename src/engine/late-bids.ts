import { asError, type Clock, type Timer } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import type { WaitingBid } from './waiting-bid.ts'
import type { Copies } from './copies.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import { refuse } from './bid-line.ts'

/**
 * Bids stamped at or after the end in force of an auction that is not closed yet. They are not refused as late: they wait until
 * the close is in the journal (`closed`) or the end has moved (decided again), for at most `bidWaitMsMax` (`closing`). While any
 * waits, the head is watched.
 */
export interface LateBids {
  put(auctionId: string, bid: WaitingBid): void
}

interface Room {
  bids: WaitingBid[]
  stop: AbortController
  timer: Timer
}

export function createLateBids(deps: {
  store: Store
  clock: Clock
  log: Log
  copies: Copies
  /** Decides a bid again, on what is known now. */
  route: (auctionId: string, bid: WaitingBid) => void
}): LateBids {
  const { clock, copies } = deps
  const rooms = new Map<string, Room>()

  const take = (auctionId: string): WaitingBid[] => {
    const room = rooms.get(auctionId)
    if (room === undefined) return []
    rooms.delete(auctionId)
    room.stop.abort()
    room.timer.cancel()
    return room.bids
  }
  const follow = async (auctionId: string, signal: AbortSignal) => {
    try {
      for await (const _ of deps.store.watch({ key: keys.head(auctionId) }, { signal })) {
        await copies.load(auctionId)
      }
    } catch (error) {
      deps.log.debug({ auctionId, error: asError(error).message }, 'late bids wait for their limit')
    }
  }
  const expire = (auctionId: string) => {
    for (const bid of take(auctionId)) {
      const isOver = bid.sinceMs + engineLimits.bidWaitMsMax <= clock.monotonicMs() + 1
      if (isOver) refuse(bid, 'closing')
      else put(auctionId, bid)
    }
  }
  const put = (auctionId: string, bid: WaitingBid) => {
    const room = rooms.get(auctionId)
    if (room === undefined) {
      const waitMs = bid.sinceMs + engineLimits.bidWaitMsMax - clock.monotonicMs()
      const timer = clock.setTimer(Math.max(1, waitMs), () => expire(auctionId))
      const stop = new AbortController()
      rooms.set(auctionId, { bids: [bid], stop, timer })
      void follow(auctionId, stop.signal)
    } else if (room.bids.length < engineLimits.waitingBidsMax) room.bids.push(bid)
    else refuse(bid, 'closing')
  }

  copies.onAdvance((copy, before) => {
    const { state } = copy.head
    const hasMoved = before === undefined || state.endsAt > before.state.endsAt
    const isOver = state.phase === 'closed' || state.phase === 'cancelled'
    if (hasMoved || isOver) take(copy.id).forEach((bid) => deps.route(copy.id, bid))
  })

  return { put }
}
