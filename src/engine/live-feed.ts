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

/**
 * Feeds of the auctions that have viewers on this node; only their heads are watched. A ring means "read the head"; what was
 * missed comes from the log, so rings that merge or get lost cost time, never events.
 */
const tendEveryMs = 1_000
/** After a read of the head that failed; as long as somebody watches. */
const lookAgainMs = 500

export function createLiveFeeds(deps: {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  journal: Journal
  copies: Copies
  lots: Lots
  encoder: FeedEncoder
}): LiveFeeds & { close(): void } {
  const { clock, copies } = deps
  const rooms = new Map<string, OpenRoom>()
  let isClosed = false
  let tending: Timer | undefined

  const close = (entry: OpenRoom) => {
    entry.stop.abort()
    // Another may be open under that name by now.
    if (rooms.get(entry.auctionId) === entry) rooms.delete(entry.auctionId)
    deps.metrics.gauge('feed_rooms', rooms.size)
  }
  const release = (entry: OpenRoom) => {
    entry.holdCount--
    if (entry.holdCount === 0) close(entry)
  }
  const load = async (entry: OpenRoom): Promise<FeedRoom | undefined> => {
    const { auctionId, stop } = entry
    const known = await copies.load(auctionId)
    if (known === undefined && stop.signal.aborted) return undefined
    const loaded = known ?? (await copies.load(auctionId, { fresh: true }))
    if (loaded === undefined || stop.signal.aborted) return undefined
    const copy = { ...loaded }
    const history = await historyOf(deps, copy)
    if (stop.signal.aborted) return undefined
    const refresh = () => copies.load(auctionId, { fresh: true })
    const room = createFeedRoom({ ...deps, history, refresh }, copy)
    entry.room = room
    // What came while the history was read found no room yet.
    room.advance({ ...(copies.peek(auctionId) ?? copy) })
    void follow(deps, auctionId, stop.signal)
    return room
  }
  /** The room of that auction, held until released: it is open as long as somebody holds it. */
  const hold = (auctionId: string): OpenRoom => {
    const known = rooms.get(auctionId)
    if (known !== undefined) {
      known.holdCount++
      return known
    }
    const stop = new AbortController()
    const entry: OpenRoom = { auctionId, stop, holdCount: 1, room: undefined, loading: undefined }
    rooms.set(auctionId, entry)
    deps.metrics.gauge('feed_rooms', rooms.size)
    return entry
  }
  const enter = async (entry: OpenRoom, viewer: Viewer, after: Position | undefined) => {
    entry.loading ??= load(entry)
    const room = entry.room ?? (await entry.loading)
    return room === undefined ? undefined : ((await room.enter(viewer, after)) ?? gone)
  }
  const tend = () => {
    for (const { room } of rooms.values()) room?.tend()
    tending = clock.setTimer(tendEveryMs, tend)
  }
  copies.onAdvance((copy) => rooms.get(copy.id)?.room?.advance({ ...copy }))
  tending = clock.setTimer(tendEveryMs, tend)

  return {
    async subscribe(auctionId, viewer, after) {
      if (viewer.isGone() || isClosed) return gone
      const entry = hold(auctionId)
      let subscription: Subscription | undefined
      try {
        subscription = await enter(entry, viewer, after)
      } finally {
        if (subscription === undefined || subscription === gone) release(entry)
      }
      return subscription && subscription !== gone
        ? endingOnce(subscription, () => release(entry))
        : subscription
    },
    watcherCount: (auctionId) => rooms.get(auctionId)?.room?.watcherCount ?? 0,
    close() {
      isClosed = true
      tending?.cancel()
      for (const entry of [...rooms.values()]) close(entry)
    },
  }
}

/** From the first who asks for it until the last who holds it lets go. */
interface OpenRoom {
  readonly auctionId: string
  readonly stop: AbortController
  /** Viewers, and those who are on their way in. */
  holdCount: number
  room: FeedRoom | undefined
  loading: Promise<FeedRoom | undefined> | undefined
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
