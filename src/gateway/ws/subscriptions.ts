import type { LiveFeeds, Position, Subscription } from '../../engine/engine.ts'
import { ulidPattern } from '../../lib/ulid.ts'
import { closeCodes } from '../../protocol/close-code.ts'
import { Fault } from '../fault.ts'
import type { Outlet } from './outlet.ts'

/** The auctions that one socket watches. */
export interface Subscriptions {
  isEmpty(): boolean
  /**
   * Again for one that is watched already starts anew, from `after`.
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
      send(frame: string) {
        if (!entry.isEnded) outlet.sendShared(frame)
      },
      tooSlow: () => outlet.close(closeCodes.slowConsumer, 'you read too slowly'),
    }
    const subscription = await feeds.subscribe(auctionId, viewer, after)
    if (subscription === undefined) throw new Fault('no-such-auction')
    // Ended while it was being opened: nobody else will end it.
    if (entry.isEnded) subscription.end()
    else entry.subscription = subscription
  }
  return {
    isEmpty: () => watched.size === 0,
    async start(auctionId, after) {
      if (!ulidPattern.test(auctionId)) throw new Fault('no-such-auction')
      end(auctionId)
      if (watched.size >= max) throw new Fault('too-many-subscriptions')
      const entry: Watched = { isEnded: false, subscription: undefined }
      watched.set(auctionId, entry)
      try {
        await open(auctionId, entry, after)
      } catch (error) {
        if (!entry.isEnded) watched.delete(auctionId)
        throw error
      }
    },
    end,
    endAll() {
      for (const auctionId of [...watched.keys()]) end(auctionId)
    },
  }
}
