import { asError, type Clock, sleep, type Timer } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Store } from '../store/store.ts'
import type { Copies, Copy } from './copies.ts'
import type { FeedEncoder, LiveFeeds } from './engine.ts'
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
  const rooms = new Map<string, { room: FeedRoom; stop: AbortController }>()
  const opening = new Map<string, Promise<FeedRoom | undefined>>()
  let tending: Timer | undefined

  const closeRoom = (auctionId: string) => {
    rooms.get(auctionId)?.stop.abort()
    rooms.delete(auctionId)
  }
  const open = async (auctionId: string): Promise<FeedRoom | undefined> => {
    const loaded = (await copies.load(auctionId)) ?? (await copies.load(auctionId, { fresh: true }))
    if (loaded === undefined) return undefined
    const copy = { ...loaded }
    const stop = new AbortController()
    const room = createFeedRoom(
      {
        ...deps,
        history: await historyOf(deps, copy),
        refresh: () => copies.load(auctionId, { fresh: true }),
        onEmpty: () => closeRoom(auctionId),
      },
      copy,
    )
    rooms.set(auctionId, { room, stop })
    // What came while the history was read found no room yet.
    room.advance({ ...(copies.peek(auctionId) ?? copy) })
    void follow(deps, auctionId, stop.signal)
    return room
  }
  const roomOf = (auctionId: string): Promise<FeedRoom | undefined> => {
    const known = rooms.get(auctionId)
    if (known !== undefined) return Promise.resolve(known.room)
    const pending = opening.get(auctionId)
    if (pending !== undefined) return pending
    const room = open(auctionId).finally(() => opening.delete(auctionId))
    opening.set(auctionId, room)
    return room
  }
  const tend = () => {
    for (const { room } of rooms.values()) room.tend()
    tending = clock.setTimer(tendEveryMs, tend)
  }
  copies.onAdvance((copy) => rooms.get(copy.id)?.room.advance({ ...copy }))
  tending = clock.setTimer(tendEveryMs, tend)

  return {
    async subscribe(auctionId, viewer, after) {
      for (;;) {
        const room = await roomOf(auctionId)
        if (room === undefined) return undefined
        const subscription = await room.enter(viewer, after)
        // Closed behind our back when its last viewer left: then this viewer would hear nothing.
        if (rooms.get(auctionId)?.room === room) return subscription
        subscription.end()
      }
    },
    watcherCount: (auctionId) => rooms.get(auctionId)?.room.watcherCount ?? 0,
    close() {
      tending?.cancel()
      for (const auctionId of [...rooms.keys()]) closeRoom(auctionId)
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
