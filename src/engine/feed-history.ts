import { evolve } from '../auction/evolve.ts'
import type { Auction } from '../auction/state.ts'
import type { Copy } from './copies.ts'
import type { AuctionRecord, FeedBatch, SequencedEvent } from './engine.ts'
import type { Journal } from './journal.ts'
import { engineLimits } from './limits.ts'
import type { Lots } from './lots.ts'
import type { Batch, Lot } from './records.ts'

/**
 * What a room has told so far: the state after the last batch told, and a ring of its newest events. What the ring misses comes
 * from the log.
 */
export interface FeedHistory {
  readonly seq: number
  readonly epoch: string
  record(): AuctionRecord
  newest(countMax: number): readonly SequencedEvent[]
  /** The batches between what was told and the copy's head; undefined when they are too many to tell one by one. */
  missing(copy: Copy): Promise<readonly Batch[] | undefined>
  /** One batch further, as it is told to viewers. */
  step(batch: Batch): FeedBatch
  /** Straight to the copy's head. */
  jump(copy: Copy): void
  /** Events after seq up to what was told; undefined when they are too many. @throws Suspended, Unreadable */
  after(seq: number): Promise<FeedBatch | undefined>
}

/** The batches just before the copy's own: a room that opens can show its newest events at once. */
export function readEarlier(journal: Journal, { id, head }: Copy): Promise<Batch[]> {
  const from = Math.max(1, head.slot - engineLimits.snapshotEventsMax)
  return journal.readBatches(id, from, head.slot - 1)
}

const gapSlotsMax = 500

export function createFeedHistory(
  deps: { journal: Journal; lots: Lots },
  start: Copy,
  lot: Lot,
  earlier: readonly Batch[],
): FeedHistory {
  const { journal, lots } = deps
  const auctionId = start.id
  let head = start.head
  let state: Auction = head.state
  let slot = head.slot
  let ring = [...earlier, head.batch].flatMap(sequenced).slice(-engineLimits.ringEventsMax)

  const epoch = () => lots.epochOf(head)
  const record = () => lots.record(auctionId, lot, head, state)
  const told = (prevSeq: number, events: readonly SequencedEvent[]): FeedBatch => {
    return { auctionId, epoch: epoch(), prevSeq, seq: state.seq, events, record: record() }
  }
  return {
    get seq() {
      return state.seq
    },
    get epoch() {
      return epoch()
    },
    record,
    newest: (countMax) => ring.slice(-countMax),
    async missing(copy) {
      const to = copy.head.slot
      if (to <= slot) return []
      if (to - slot > gapSlotsMax) return undefined
      const between = await journal.readBatches(auctionId, slot + 1, to - 1)
      return [...between, copy.head.batch]
    },
    step(batch) {
      const prevSeq = state.seq
      const events = sequenced(batch)
      for (const event of batch.events) state = evolve(state, event)
      slot = batch.slot
      ring = [...ring, ...events].slice(-engineLimits.ringEventsMax)
      return told(prevSeq, events)
    },
    jump(copy) {
      head = copy.head
      state = head.state
      slot = head.slot
      ring = sequenced(head.batch)
    },
    async after(seq) {
      if (state.seq - seq > engineLimits.resumeEventsMax) return undefined
      const first = ring[0]
      if (seq < state.seq && (first === undefined || first.seq > seq + 1)) {
        const from = await journal.seekSlot(auctionId, head, seq + 1)
        const batches = await journal.readBatches(auctionId, from, slot)
        ring = batches.flatMap(sequenced).slice(-engineLimits.resumeEventsMax)
      }
      return told(
        seq,
        ring.filter((event) => event.seq > seq),
      )
    },
  }
}

function sequenced(batch: Batch): SequencedEvent[] {
  return batch.events.map((event, index) => ({ seq: batch.firstSeq + index, event }))
}
