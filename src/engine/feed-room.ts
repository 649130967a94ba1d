import { evolve } from '../auction/evolve.ts'
import type { Auction } from '../auction/state.ts'
import type { Clock } from '../lib/clock.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Copy } from './copies.ts'
import type {
  AuctionRecord,
  FeedEncoder,
  Position,
  SequencedEvent,
  Subscription,
  Viewer,
} from './engine.ts'
import { createFeedViewer, type FeedViewer } from './feed-viewer.ts'
import type { Journal } from './journal.ts'
import { engineLimits } from './limits.ts'
import type { Lots } from './lots.ts'
import type { Batch, Lot } from './records.ts'

/**
 * One auction with viewers on this node. Publishes the journal's batches in order, each encoded once, whoever wrote them: a
 * batch that this node missed is read from the log before the next is sent. All work on a room is done one after the other.
 */
export interface FeedRoom {
  /** The newest known state; what lies between is caught up. */
  advance(copy: Copy): void
  enter(viewer: Viewer, after: Position | undefined): Promise<Subscription>
  readonly watcherCount: number
  /** Sends the snapshots that slow viewers wait for; gives up on those too slow for too long. */
  tend(): void
}

export interface FeedRoomDeps {
  clock: Clock
  metrics: Metrics
  journal: Journal
  lots: Lots
  encoder: FeedEncoder
  /** A read of the head that is never older than what any node acknowledged; it comes back through `advance`. */
  refresh: () => Promise<Copy | undefined>
  onEmpty: () => void
}

const gapSlotsMax = 500
const presenceEveryMs = 1_000

export function createFeedRoom(deps: FeedRoomDeps, start: Copy, lot: Lot): FeedRoom {
  const { clock, journal, lots, encoder } = deps
  const viewers = new Set<FeedViewer>()
  let state: Auction = start.head.state
  let slot = start.head.slot
  let target = start
  let ring: SequencedEvent[] = sequenced(start.head.batch)
  let work: Promise<void> = Promise.resolve()
  let presenceDueMs = 0
  let presenceTold = -1

  const epoch = () => lots.epochOf(target.head)
  const record = (): AuctionRecord => lots.record(start.id, lot, target.head, state)
  const snapshot = () => encoder.snapshot(record(), ring.slice(-engineLimits.snapshotEventsMax))
  const serially = <T>(job: () => Promise<T>): Promise<T> => {
    const done = work.then(job)
    work = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  const publish = (batch: Batch) => {
    const events = sequenced(batch)
    const prevSeq = state.seq
    for (const event of batch.events) state = evolve(state, event)
    slot = batch.slot
    ring = [...ring, ...events].slice(-engineLimits.ringEventsMax)
    const frame = encoder.events({
      auctionId: start.id,
      epoch: epoch(),
      prevSeq,
      seq: state.seq,
      events,
      record: record(),
    })
    for (const viewer of viewers) viewer.offer(frame, snapshot)
  }
  const catchUp = async () => {
    const { head } = target
    if (head.slot <= slot) return
    if (head.slot - slot > gapSlotsMax) {
      state = head.state
      slot = head.slot
      ring = sequenced(head.batch)
      const frame = snapshot()
      for (const viewer of viewers) viewer.offer(frame, snapshot)
      return
    }
    const missed = await journal.readBatches(start.id, slot + 1, head.slot - 1)
    for (const batch of [...missed, head.batch]) publish(batch)
  }
  const eventsAfter = async (seq: number): Promise<SequencedEvent[] | undefined> => {
    if (seq === state.seq) return []
    if (state.seq - seq > engineLimits.resumeEventsMax) return undefined
    const first = ring[0]
    if (first === undefined || first.seq > seq + 1) {
      const from = await journal.seekSlot(start.id, target.head, seq + 1)
      const batches = await journal.readBatches(start.id, from, slot)
      ring = batches.flatMap(sequenced).slice(-engineLimits.resumeEventsMax)
    }
    return ring.filter((event) => event.seq > seq)
  }
  const greet = async (viewer: Viewer, after: Position | undefined) => {
    if (after?.epoch === epoch() && after.seq > state.seq) {
      await deps.refresh()
      await catchUp()
    }
    const isResumable = after !== undefined && after.epoch === epoch() && after.seq <= state.seq
    const missed = isResumable && after.seq >= 0 ? await eventsAfter(after.seq) : undefined
    if (missed === undefined || after === undefined) return viewer.send(snapshot())
    const { seq: prevSeq } = after
    viewer.send(
      encoder.events({
        auctionId: start.id,
        epoch: epoch(),
        prevSeq,
        seq: state.seq,
        events: missed,
        record: record(),
      }),
    )
  }
  const tellPresence = () => {
    const nowMs = clock.monotonicMs()
    if (viewers.size === presenceTold || nowMs < presenceDueMs) return
    presenceTold = viewers.size
    presenceDueMs = nowMs + presenceEveryMs
    const frame = encoder.presence(start.id, viewers.size)
    for (const viewer of viewers) viewer.offerIdle(frame)
  }

  return {
    advance(copy) {
      if (copy.head.slot < target.head.slot) return
      target = copy
      // A batch that cannot be read now is caught up at the next ring, or when somebody enters.
      void serially(catchUp).catch(() => undefined)
    },
    enter: (viewer, after) =>
      serially(async () => {
        await catchUp()
        await greet(viewer, after)
        const entry = createFeedViewer(viewer, clock)
        viewers.add(entry)
        tellPresence()
        return {
          end() {
            viewers.delete(entry)
            if (viewers.size === 0) deps.onEmpty()
          },
        }
      }),
    get watcherCount() {
      return viewers.size
    },
    tend() {
      for (const viewer of viewers) viewer.tend(snapshot)
      tellPresence()
    },
  }
}

function sequenced(batch: Batch): SequencedEvent[] {
  return batch.events.map((event, index) => ({ seq: batch.firstSeq + index, event }))
}
