import type { LiveFeeds, Position, Subscription } from '../../engine/engine.ts'
import { createDeferred, type Deferred } from '../../lib/deferred.ts'
import { ulidPattern } from '../../lib/ulid.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import { Fault } from '../fault.ts'
import type { Outlet } from './outlet.ts'

/** The auctions that one socket watches. */
export interface Subscriptions {
  isEmpty(): boolean
  isWatching(auctionId: string): boolean
  /**
   * Again for one that is watched already starts anew, from `after`. One of an auction is under way at a time: while it is,
   * only the newest waits, and those before it have nothing more to come.
   * @throws Fault `no-such-auction`, `too-many-subscriptions`; OperatingError of the engine
   */
  start(auctionId: string, after: Position | undefined): Promise<void>
  end(auctionId: string): void
  endAll(): void
}

interface Watched {
  isEnded: boolean
  subscription: Subscription | undefined
}

export function createSubscriptions(deps: {
  feeds: LiveFeeds
  outlet: Outlet
  max: number
}): Subscriptions {
  const { feeds, outlet, max } = deps
  const watched = new Map<string, Watched>()

  const end = (auctionId: string) => {
    const entry = watched.get(auctionId)
    if (entry === undefined) return
    entry.isEnded = true
    watched.delete(auctionId)
    entry.subscription?.end()
  }
  const open = async (auctionId: string, entry: Watched, after: Position | undefined) => {
    const viewer = {
      bufferedBytes: outlet.bufferedBytes,
      isGone: () => entry.isEnded,
      send(frame: string) {
        if (!entry.isEnded) outlet.sendShared(frame)
      },
      tooSlow: () => outlet.close(closeCodes.slowConsumer, 'you read too slowly'),
    }
    const subscription = await feeds.subscribe(auctionId, viewer, after)
    if (entry.isEnded) subscription?.end()
    else if (subscription === undefined) throw new Fault('no-such-auction')
    else entry.subscription = subscription
  }
  const underWay = createTurns()
  return {
    isEmpty: () => watched.size === 0,
    isWatching: (auctionId) => watched.has(auctionId),
    async start(auctionId, after) {
      if (!ulidPattern.test(auctionId)) throw new Fault('no-such-auction')
      end(auctionId)
      const isMore = !underWay.has(auctionId) && underWay.count() >= max
      if (watched.size >= max || isMore) throw new Fault('too-many-subscriptions')
      const entry: Watched = { isEnded: false, subscription: undefined }
      watched.set(auctionId, entry)
      const turn = underWay.turn(auctionId)
      if (turn !== true && !(await turn)) return
      try {
        if (!entry.isEnded) await open(auctionId, entry, after)
      } catch (error) {
        // Whoever asked anew meanwhile is answered by that.
        if (entry.isEnded) return
        watched.delete(auctionId)
        throw error
      } finally {
        underWay.done(auctionId)
      }
    },
    end,
    endAll() {
      for (const auctionId of [...watched.keys()]) end(auctionId)
    },
  }
}

/** One at a time of each auction; of those that wait for it, the newest. */
function createTurns() {
  const turns = new Map<string, { next: Deferred<boolean> | undefined }>()
  return {
    has: (auctionId: string) => turns.has(auctionId),
    count: () => turns.size,
    /** True when it is ours, until `done`; false when a newer one came while we waited. */
    turn(auctionId: string): true | Promise<boolean> {
      const current = turns.get(auctionId)
      if (current === undefined) {
        turns.set(auctionId, { next: undefined })
        return true
      }
      current.next?.resolve(false)
      current.next = createDeferred()
      return current.next.promise
    },
    done(auctionId: string) {
      const next = turns.get(auctionId)?.next
      if (next === undefined) turns.delete(auctionId)
      else {
        turns.set(auctionId, { next: undefined })
        next.resolve(true)
      }
    },
  }
}
