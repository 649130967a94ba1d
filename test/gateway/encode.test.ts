import { describe, expect, it } from 'vitest'
import type { AuctionEvent } from '../../src/auction/events.ts'
import type { Conditions } from '../../src/auction/conditions.ts'
import { fold } from '../../src/auction/evolve.ts'
import { view } from '../../src/auction/view.ts'
import type { AuctionRecord } from '../../src/engine/engine.ts'
import { encodeAuction } from '../../src/gateway/encode/auction.ts'
import { encodeEvent } from '../../src/gateway/encode/event.ts'
import { createFeedEncoder } from '../../src/gateway/encode/feed.ts'
import { auctionJson } from '../../src/protocol/auction.ts'
import { down } from '../../src/protocol/down.ts'
import { eventJson } from '../../src/protocol/event.ts'

const at = Date.UTC(2026, 0, 1)
const conditions: Conditions = {
  currency: 'JPY',
  startPriceMinor: 1_000,
  increments: [
    { fromMinor: 0, stepMinor: 100 },
    { fromMinor: 5_000, stepMinor: 500 },
  ],
  startsAt: at,
  endsAt: at + 60_000,
  softClose: {
    windowMs: 1,
    extensionMs: 2,
    mode: 'reset',
    maxExtensions: 3,
    hardEndsAt: at + 90_000,
  },
  mayRaiseOwnBid: false,
}
/** People may come to carry more than others may see. */
const seller = { id: 's', name: 'Selma', token: 'secret' }
const ada = { id: 'a', name: 'Ada', email: 'secret' }
const history: AuctionEvent[] = [
  { type: 'AuctionCreated', at, seller, format: 'english', conditions },
  { type: 'AuctionOpened', at },
  { type: 'BidAccepted', at: at + 1, bidId: 'the-only-bid', bidder: ada, amountMinor: 5_000 },
  {
    type: 'AuctionExtended',
    at: at + 1,
    reason: 'soft-close',
    from: at + 60_000,
    endsAt: at + 70_000,
  },
  {
    type: 'AuctionExtended',
    at: at + 2,
    reason: 'outage',
    from: at + 70_000,
    endsAt: at + 80_000,
    outageId: 'o',
  },
  {
    type: 'AuctionClosed',
    at: at + 80_250,
    result: { outcome: 'sold', hammerPriceMinor: 5_000, winner: ada },
  },
]
const events = history.map((event, index) => ({ seq: index + 1, event }))
const record = (count: number): AuctionRecord => ({
  id: '01JAAAAAAAAAAAAAAAAAAAAAAA',
  epoch: 'e1',
  title: 'A kettle',
  description: '',
  auction: view(fold(history.slice(0, count))!),
})

describe('an auction on the wire', () => {
  it('tells bands, standing bid and the moved end', () => {
    const json = encodeAuction(record(5), at + 3.7)
    expect(auctionJson.parse(json)).toEqual(json)
    expect(json).toMatchObject({
      startPrice: '1000',
      increment: [
        { from: '0', step: '100' },
        { from: '5000', step: '500' },
      ],
      softClose: { maxExtensions: 3, hardEndsAt: '2026-01-01T00:01:30.000Z' },
      standingBid: { amount: '5000', bidder: { id: 'a', name: 'Ada' }, seq: 3 },
      minimumNextBid: '5500',
      endsAt: '2026-01-01T00:01:20.000Z',
      extensions: 1,
      result: null,
      serverTime: '2026-01-01T00:00:00.003Z',
    })
  })

  it('tells how it ended', () => {
    expect(encodeAuction(record(6), at)).toMatchObject({
      phase: 'closed',
      minimumNextBid: null,
      result: { outcome: 'sold', hammerPrice: '5000', winner: { id: 'a', name: 'Ada' } },
    })
  })

  it('never tells more of a person than id and name', () => {
    const all = JSON.stringify([
      encodeAuction(record(6), at),
      events.map((event) => encodeEvent(event, 'JPY')),
    ])
    expect(all).not.toContain('secret')
  })
})

describe('events on the wire', () => {
  it('are what the protocol says', () => {
    for (const event of events) {
      const json = encodeEvent(event, 'JPY')
      expect(eventJson.parse(json)).toEqual(json)
      expect(json).toMatchObject({ seq: event.seq, type: event.event.type })
    }
  })
})

describe('frames of the feed', () => {
  it('are what the protocol says, and tell live ones how late they are', () => {
    const seen: number[] = []
    const metrics = {
      count: () => undefined,
      gauge: () => undefined,
      observe: (name: string, value: number) => {
        if (name === 'feed_delay_seconds') seen.push(value)
      },
    }
    let nowMs = at + 1_501
    const encoder = createFeedEncoder({ now: () => nowMs, metrics })
    const batch = {
      auctionId: record(4).id,
      epoch: 'e1',
      prevSeq: 2,
      seq: 4,
      events: events.slice(2, 4),
      record: record(4),
    }
    const frames = [
      encoder.events(batch),
      encoder.snapshot(record(4), events.slice(0, 4)),
      encoder.presence(record(4).id, 3),
    ].map((frame) => JSON.parse(frame) as unknown)
    for (const frame of frames) expect(down.parse(frame)).toEqual(frame)
    expect(seen).toEqual([1.5])
    nowMs += 3_600_000
    encoder.events(batch)
    encoder.events({ ...batch, prevSeq: 4, events: [] })
    expect(seen).toEqual([1.5])
  })
})
