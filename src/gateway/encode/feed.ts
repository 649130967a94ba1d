import type { FeedBatch, FeedEncoder, SequencedEvent } from '../../engine/engine.ts'
import type { Metrics } from '../../lib/metrics.ts'
import type { Events, Presence, Snapshot } from '../../protocol/down.ts'
import type { ShownTime } from '../shown-time.ts'
import { encodeAuction } from './auction.ts'
import { encodeEvent } from './event.ts'

/** Older events than this are history being read, not the feed being late. */
const liveMs = 30_000

/** The frames that many sockets share: each is made once per node, whoever watches. */
export function createFeedEncoder(deps: { now: ShownTime; metrics: Metrics }): FeedEncoder {
  const { now, metrics } = deps
  return {
    events(batch) {
      const delayMs = now() - (batch.events.at(-1)?.event.at ?? now())
      if (batch.events.length > 0 && delayMs < liveMs) {
        metrics.observe('feed_delay_seconds', Math.max(0, delayMs) / 1000)
      }
      return JSON.stringify(encodeBatch(batch, now()))
    },
    snapshot(record, recent) {
      const { currency, seq } = record.auction
      const frame: Snapshot = {
        type: 'snapshot',
        auctionId: record.id,
        epoch: record.epoch,
        seq,
        auction: encodeAuction(record, now()),
        recent: recent.map((event: SequencedEvent) => encodeEvent(event, currency)),
      }
      return JSON.stringify(frame)
    },
    presence(auctionId, watchers) {
      const frame: Presence = { type: 'presence', auctionId, watchers }
      return JSON.stringify(frame)
    },
  }
}

function encodeBatch(batch: FeedBatch, serverTime: number): Events {
  const { currency } = batch.record.auction
  return {
    type: 'events',
    auctionId: batch.auctionId,
    epoch: batch.epoch,
    prevSeq: batch.prevSeq,
    seq: batch.seq,
    events: batch.events.map((event) => encodeEvent(event, currency)),
    auction: encodeAuction(batch.record, serverTime),
  }
}
