import type { EventJson } from '../protocol/event.ts'
import type { Events, Snapshot } from '../protocol/down.ts'
import type { PositionJson } from '../protocol/up.ts'
import type { FeedJump, FeedUpdate } from './client.ts'

/**
 * One auction's feed as a client has it: nothing twice, nothing out of order, nothing left out without saying so,
 * whatever the nodes send. `gap` asks to subscribe again from `position`.
 */
export interface FeedState {
  readonly position: PositionJson | undefined
  snapshot(frame: Snapshot): FeedNews
  events(frame: Events): FeedNews
}

export type FeedNews =
  | { kind: 'update'; update: FeedUpdate }
  /** All of it was told before. */
  | { kind: 'nothing' }
  | { kind: 'gap' }

export function createFeedState(after?: PositionJson): FeedState {
  let position = after
  let hasTold = false
  const tell = (update: FeedUpdate): FeedNews => {
    position = { epoch: update.epoch, seq: update.seq }
    hasTold = true
    return { kind: 'update', update }
  }
  return {
    get position() {
      return position
    },
    snapshot(frame) {
      if (position?.epoch === frame.epoch && frame.seq <= position.seq && hasTold)
        return { kind: 'nothing' }
      return tell(updateOfSnapshot(frame, position))
    },
    events(frame) {
      if (position?.epoch !== frame.epoch || frame.prevSeq > position.seq) return { kind: 'gap' }
      const { seq: prevSeq } = position
      const events = frame.events.filter((event) => event.seq > prevSeq && event.seq <= frame.seq)
      if (!isRun(events, prevSeq) || prevSeq + events.length < frame.seq) return { kind: 'gap' }
      if (frame.seq < prevSeq || (events.length === 0 && hasTold)) return { kind: 'nothing' }
      const { auctionId, epoch, seq, auction } = frame
      return tell({ kind: 'events', auctionId, epoch, events, auction, prevSeq, seq })
    },
  }
}

function updateOfSnapshot(frame: Snapshot, position: PositionJson | undefined): FeedUpdate {
  const { auctionId, epoch, seq, auction } = frame
  const isSame = position?.epoch === epoch && position.seq <= seq
  const prevSeq = position?.seq ?? 0
  const events = isSame ? frame.recent.filter((event) => event.seq > prevSeq) : frame.recent
  const update = { kind: 'snapshot', auctionId, epoch, events, auction, prevSeq, seq } as const
  const jump = jumpOf(position, isSame, events, seq)
  return jump === undefined ? update : { ...update, jump }
}

function jumpOf(
  position: PositionJson | undefined,
  isSame: boolean,
  events: readonly EventJson[],
  seq: number,
): FeedJump | undefined {
  if (position === undefined) return undefined
  if (!isSame) return { reason: 'other-history', fromEpoch: position.epoch }
  const firstTold = events[0]?.seq ?? seq + 1
  const missedCount = firstTold - position.seq - 1
  return missedCount > 0 ? { reason: 'behind', missedCount } : undefined
}

function isRun(events: readonly EventJson[], prevSeq: number): boolean {
  return events.every((event, index) => event.seq === prevSeq + 1 + index)
}
