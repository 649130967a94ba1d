import { asError, type Clock, sleep, type Timer } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Copies, Copy } from './copies.ts'
import type { FeedEncoder, LiveFeeds, Position, Subscription, Viewer } from './engine.ts'
import { createFeedHistory, type FeedHistory, readEarlier } from './feed-history.ts'
import { createFeedRoom, type FeedRoom } from './feed-room.ts'
import type { Journal } from './journal.ts'
import { keys } from './keyspace.ts'
import type { Lots } from './lots.ts'
import { createOpenRooms, type OpenRoom } from './open-rooms.ts'

/**
 * Feeds of the auctions that have viewers on this node; only their heads are watched. A ring means "read the head"; what was
 * missed comes from the log, so rings that merge or get lost cost time, never events.
 */
const tendEveryMs = 1_000
/** After a read of the head that failed; as long as somebody watches. */
const lookAgainMs = 500

interface FeedDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  journal: Journal
  copies: Copies
  lots: Lots
  encoder: FeedEncoder
}

export function createLiveFeeds(deps: FeedDeps): LiveFeeds & { close(): void } {
  const { clock, copies } = deps
  const rooms = createOpenRooms(deps.metrics)
  let isClosed = false
  let tending: Timer | undefined

  const enter = async (entry: OpenRoom, viewer: Viewer, after: Position | undefined) => {
    entry.loading ??= load(deps, entry)
    const room = entry.room ?? (await entry.loading)
    return room === undefined ? undefined : ((await room.enter(viewer, after)) ?? gone)
  }
  const tend = () => {
    for (const { room } of rooms.all()) room?.tend()
    tending = clock.setTimer(tendEveryMs, tend)
  }
  copies.onAdvance((copy) => rooms.get(copy.id)?.room?.advance({ ...copy }))
  tending = clock.setTimer(tendEveryMs, tend)

  return {
    async subscribe(auctionId, viewer, after) {
      if (viewer.isGone() || isClosed) return gone
      const entry = rooms.hold(auctionId)
      let subscription: Subscription | undefined
      try {
        subscription = await enter(entry, viewer, after)
      } finally {
        if (subscription === undefined || subscription === gone) rooms.release(entry)
      }
      return subscription && subscription !== gone
        ? endingOnce(subscription, () => rooms.release(entry))
        : subscription
    },
    watcherCount: (auctionId) => rooms.get(auctionId)?.room?.watcherCount ?? 0,
    close() {
      isClosed = true
      tending?.cancel()
      rooms.closeAll()
    },
  }
}

/** Of a viewer that was gone before it got in. */
const gone: Subscription = { end: () => undefined }

function endingOnce(subscription: Subscription, andThen: () => void): Subscription {
  let isEnded = false
  return {
    end() {
      if (isEnded) return
      isEnded = true
      subscription.end()
      andThen()
    },
  }
}

/** Undefined when there is no such auction, or everybody who wanted it is gone. */
async function load(deps: FeedDeps, entry: OpenRoom): Promise<FeedRoom | undefined> {
  const { copies } = deps
  const { auctionId, stop } = entry
  const isOver = () => stop.signal.aborted
  const known = await copies.load(auctionId)
  if (known === undefined && isOver()) return undefined
  const loaded = known ?? (await copies.load(auctionId, { fresh: true }))
  if (loaded === undefined || isOver()) return undefined
  const copy = { ...loaded }
  const history = await historyOf(deps, copy)
  if (isOver()) return undefined
  const refresh = () => copies.load(auctionId, { fresh: true })
  const room = createFeedRoom({ ...deps, history, refresh }, copy)
  entry.room = room
  // What came while the history was read found no room yet.
  room.advance({ ...(copies.peek(auctionId) ?? copy) })
  void follow(deps, auctionId, stop.signal)
  return room
}

async function follow(
  { store, clock, log, copies }: { store: Store; clock: Clock; log: Log; copies: Copies },
  auctionId: string,
  signal: AbortSignal,
): Promise<void> {
  const look = async () => {
    try {
      await copies.load(auctionId)
      return true
    } catch (error) {
      log.debug({ auctionId, error: asError(error).message }, 'a head is read again shortly')
      return false
    }
  }
  for await (const _ of store.watch({ key: keys.head(auctionId) }, { signal })) {
    // The last ring of an auction is its close: nobody rings again for a read that failed.
    while (!signal.aborted && !(await look())) {
      await sleep(clock, lookAgainMs, signal).catch(() => undefined)
    }
  }
}

async function historyOf(deps: { journal: Journal; lots: Lots }, copy: Copy): Promise<FeedHistory> {
  const [lot, earlier] = await Promise.all([
    deps.lots.lotOf(copy.id),
    readEarlier(deps.journal, copy),
  ])
  return createFeedHistory(deps, copy, lot, earlier)
}
