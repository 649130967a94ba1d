import { type Clock, sleep } from '../lib/clock.ts'
import type { Copy } from './copies.ts'
import type { FeedEncoder, Position, Subscription, Viewer } from './engine.ts'
import type { FeedHistory } from './feed-history.ts'
import { createFeedViewer, type FeedViewer } from './feed-viewer.ts'
import { engineLimits } from './limits.ts'

/**
 * One auction with viewers on this node. Publishes the journal's batches in order, each encoded once, whoever wrote them: a
 * batch that this node missed is read from the log before the next is sent. All work on a room is done one after the other.
 */
export interface FeedRoom {
  /** The newest known state; what lies between is caught up. */
  advance(copy: Copy): void
  /** Undefined when the viewer was gone before its turn came. */
  enter(viewer: Viewer, after: Position | undefined): Promise<Subscription | undefined>
  readonly watcherCount: number
  /** Catches up; sends the snapshots that slow viewers wait for; gives up on those too slow for too long. */
  tend(): void
}

export interface FeedRoomDeps {
  clock: Clock
  encoder: FeedEncoder
  history: FeedHistory
  /** A read of the head that is never older than what any node acknowledged. */
  refresh: () => Promise<Copy | undefined>
}

const presenceEveryMs = 1_000
/** Viewers let in one after the other; then timers and sockets have a turn. */
const entriesPerTurnMax = 64

export function createFeedRoom(deps: FeedRoomDeps, start: Copy): FeedRoom {
  const { encoder, history } = deps
  const viewers = new Set<FeedViewer>()
  let target = start
  let work: Promise<void> = Promise.resolve()

  const snapshot = () =>
    encoder.snapshot(history.record(), history.newest(engineLimits.snapshotEventsMax))
  const publish = (frame: string) => {
    for (const viewer of viewers) viewer.offer(frame, snapshot)
  }
  const serially = <T>(job: () => Promise<T>): Promise<T> => {
    const done = work.then(job)
    work = done.then(ignore, ignore)
    return done
  }
  const catchUp = async () => {
    const batches = await history.missing(target)
    if (batches === undefined) {
      history.jump(target)
      publish(snapshot())
      return
    }
    for (const batch of batches) publish(encoder.events(history.step(batch)))
  }
  /** What a viewer who knows everything up to `after` hears first; undefined asks for a snapshot. */
  const resumed = async (after: Position): Promise<string | undefined> => {
    if (after.epoch !== history.epoch) return undefined
    if (after.seq > history.seq) {
      const fresh = await deps.refresh()
      if (fresh !== undefined && fresh.head.slot > target.head.slot) target = { ...fresh }
      await catchUp()
    }
    if (after.seq > history.seq) return undefined
    const missed = await history.after(after.seq)
    return missed === undefined ? undefined : encoder.events(missed)
  }
  const inTurn = createEntrance(deps.clock)
  const enter = async (
    viewer: Viewer,
    after: Position | undefined,
  ): Promise<Subscription | undefined> => {
    if (viewer.isGone()) return undefined
    await catchUp()
    const missed = after && !viewer.isGone() ? await resumed(after) : undefined
    if (viewer.isGone()) return undefined
    viewer.send(missed ?? snapshot())
    const entry = createFeedViewer(viewer, deps.clock)
    viewers.add(entry)
    tellPresence()
    return { end: () => viewers.delete(entry) }
  }
  /** A batch that cannot be read now is caught up when the room is tended, at the latest. */
  const follow = () => void serially(catchUp).catch(ignore)
  const tellPresence = createPresence(deps, start.id, viewers)

  return {
    advance(copy) {
      if (copy.head.slot < target.head.slot) return
      target = copy
      follow()
    },
    enter: (viewer, after) =>
      inTurn((wait) => serially(() => wait().then(() => enter(viewer, after)))),
    get watcherCount() {
      return viewers.size
    },
    tend() {
      if (history.seq < target.head.seq) follow()
      for (const viewer of viewers) viewer.tend(snapshot)
      tellPresence()
    },
  }
}

/** A crowd that waited for the room would be let in without the event loop turning once. */
function createEntrance(clock: Clock) {
  let waitingCount = 0
  let entryCount = 0
  const wait = async () => {
    waitingCount--
    if (waitingCount > 0 && ++entryCount % entriesPerTurnMax === 0) await sleep(clock, 0)
  }
  return <T>(enter: (wait: () => Promise<void>) => T): T => {
    waitingCount++
    return enter(wait)
  }
}

/** Tells how many watch when that changed, at most every `presenceEveryMs`. */
function createPresence(
  { clock, encoder }: FeedRoomDeps,
  auctionId: string,
  viewers: ReadonlySet<FeedViewer>,
): () => void {
  let dueMs = -Infinity
  let toldCount = -1
  return () => {
    const nowMs = clock.monotonicMs()
    if (viewers.size === toldCount || nowMs < dueMs) return
    toldCount = viewers.size
    dueMs = nowMs + presenceEveryMs
    const frame = encoder.presence(auctionId, viewers.size)
    for (const viewer of viewers) viewer.offerIdle(frame)
  }
}

const ignore = () => undefined
