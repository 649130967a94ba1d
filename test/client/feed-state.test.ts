import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedUpdate } from '../../src/client/client.ts'
import { createFeedState, type FeedNews } from '../../src/client/feed-state.ts'
import { epoch, eventsAfter, run, snapshotAt } from './wire-samples.ts'

const seqsOf = (news: FeedNews) =>
  news.kind === 'update' ? news.update.events.map((event) => event.seq) : news.kind

describe('a feed', () => {
  test('begins with a snapshot, then tells each event once', () => {
    const feed = createFeedState()
    expect(seqsOf(feed.snapshot(snapshotAt(2)))).toEqual([1, 2])
    expect(seqsOf(feed.events(eventsAfter(2, 3)))).toEqual([3])
    expect(seqsOf(feed.events(eventsAfter(2, 3)))).toBe('nothing')
    expect(feed.position).toEqual({ epoch, seq: 3 })
  })

  test('of an overlapping run tells only what is new', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    const news = feed.events(eventsAfter(2, 6))
    expect(seqsOf(news)).toEqual([5, 6])
    expect(news).toMatchObject({ update: { prevSeq: 4, seq: 6 } })
  })

  test('asks again after a gap, and stays where it was', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    expect(feed.events(eventsAfter(5, 6)).kind).toBe('gap')
    expect(feed.position).toEqual({ epoch, seq: 4 })
  })

  test('does not believe a run with a hole in it', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    expect(feed.events(eventsAfter(4, 7, { events: [...run(5, 5), ...run(7, 7)] })).kind).toBe(
      'gap',
    )
    expect(feed.events(eventsAfter(4, 7, { events: run(5, 6) })).kind).toBe('gap')
  })

  test('asks again when events of another history come without a snapshot', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    expect(feed.events(eventsAfter(4, 5, { epoch: 'e2' })).kind).toBe('gap')
    expect(createFeedState().events(eventsAfter(0, 1)).kind).toBe('gap')
  })

  test('resumed with nothing new still tells the auction once', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    expect(seqsOf(feed.events(eventsAfter(4, 4)))).toEqual([])
    expect(feed.events(eventsAfter(4, 4)).kind).toBe('nothing')
  })

  test('a snapshot that reaches back to where we were misses nothing', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    const news = feed.snapshot(snapshotAt(6, run(3, 6)))
    expect(seqsOf(news)).toEqual([5, 6])
    expect((news as { update: FeedUpdate }).update.jump).toBeUndefined()
  })

  test('a snapshot that does not reach back says how many events were missed', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    expect(feed.snapshot(snapshotAt(20, run(18, 20)))).toMatchObject({
      update: { prevSeq: 4, seq: 20, jump: { reason: 'behind', missedCount: 13 } },
    })
    expect(createFeedState({ epoch, seq: 4 }).snapshot(snapshotAt(20, []))).toMatchObject({
      update: { jump: { reason: 'behind', missedCount: 16 } },
    })
  })

  test('a snapshot of another history says that it jumped', () => {
    const feed = createFeedState({ epoch, seq: 4 })
    expect(feed.snapshot(snapshotAt(2, run(1, 2), { epoch: 'e2' }))).toMatchObject({
      update: { seq: 2, jump: { reason: 'other-history', fromEpoch: epoch } },
    })
  })

  test('a late snapshot of the same history does not take us back', () => {
    const feed = createFeedState()
    feed.snapshot(snapshotAt(5))
    expect(feed.snapshot(snapshotAt(3)).kind).toBe('nothing')
    expect(feed.position).toEqual({ epoch, seq: 5 })
  })

  test('whatever comes in whatever order, what is told is one run from the first snapshot', () => {
    const frame = fc.record({
      isSnapshot: fc.boolean(),
      prevSeq: fc.nat(30),
      length: fc.nat(6),
    })
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 60 }), (frames) => {
        const feed = createFeedState()
        const told: number[] = []
        let jumpedTo: number | undefined
        for (const { isSnapshot, prevSeq, length } of frames) {
          const seq = prevSeq + length
          const news = isSnapshot
            ? feed.snapshot(snapshotAt(seq, run(Math.max(1, seq - 2), seq)))
            : feed.events(eventsAfter(prevSeq, seq))
          if (news.kind !== 'update') continue
          if (news.update.jump !== undefined || told.length === 0) {
            jumpedTo = news.update.events[0]?.seq ?? news.update.seq + 1
            told.length = 0
          }
          told.push(...news.update.events.map((event) => event.seq))
          expect(feed.position?.seq).toBe(news.update.seq)
        }
        expect(told).toEqual(told.map((_, index) => (jumpedTo ?? 0) + index))
      }),
    )
  })
})
