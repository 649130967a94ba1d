import type { FeedEncoder } from '../../../src/engine/engine.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Each node counts the events that it tells, from its own start on: a place in one node's feed means nothing on another.
export const numbersPerNode: Plant = {
  name: 'numbers-per-node',
  bug: 'a feed is numbered by its node, not by the journal',
  rules: ['feed-equals-journal'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [5_000, 6_000].map((atMs) =>
      fault(atMs, { kind: 'kill', target: 'holder', isTold: true, forMs: 300 }),
    ),
  })),
  spoil: () => ({ engine: ({ encoder }) => ({ encoder: counting(encoder) }) }),
}

interface Frame {
  auctionId: string
  seq: number
  prevSeq?: number
  auction: { seq: number }
  events?: { seq: number }[]
  recent?: { seq: number }[]
}

function counting(encoder: FeedEncoder): FeedEncoder {
  const begunAt = new Map<string, number>()
  const renumber = (text: string): string => {
    const frame = JSON.parse(text) as Frame
    const begun = begunAt.get(frame.auctionId) ?? (frame.prevSeq ?? frame.seq) - 1
    begunAt.set(frame.auctionId, begun)
    const own = (seq: number) => Math.max(0, seq - begun)
    const each = (events: { seq: number }[]) =>
      events.filter(({ seq }) => seq > begun).map((event) => ({ ...event, seq: own(event.seq) }))
    return JSON.stringify({
      ...frame,
      seq: own(frame.seq),
      ...(frame.prevSeq !== undefined && { prevSeq: own(frame.prevSeq) }),
      ...(frame.events && { events: each(frame.events) }),
      ...(frame.recent && { recent: each(frame.recent) }),
      auction: { ...frame.auction, seq: own(frame.auction.seq) },
    })
  }
  return {
    ...encoder,
    events: (batch) => renumber(encoder.events(batch)),
    snapshot: (record, recent) => renumber(encoder.snapshot(record, recent)),
  }
}
