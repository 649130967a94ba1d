import { describe, expect, it } from 'vitest'
import { historyMax, mergeHistory, newestGap } from '../../frontend/src/state/history.ts'
import type { EventJson } from '../../src/protocol/event.ts'

const event = (seq: number): EventJson => ({
  type: 'AuctionOpened',
  seq,
  at: '2026-01-01T00:00:00.000Z',
})
const run = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => event(from + index))
const seqs = (events: readonly EventJson[]) => events.map(({ seq }) => seq)

describe('the history of a page', () => {
  it('keeps each event once and in the order of the journal', () => {
    expect(seqs(mergeHistory(run(1, 2), run(3, 4)))).toEqual([1, 2, 3, 4])
    expect(seqs(mergeHistory(run(3, 5), run(1, 4)))).toEqual([1, 2, 3, 4, 5])
    expect(seqs(mergeHistory([], run(7, 8)))).toEqual([7, 8])
  })

  it('is bounded by its newest events', () => {
    const kept = mergeHistory(run(1, historyMax), run(historyMax + 1, historyMax + 5))
    expect(kept).toHaveLength(historyMax)
    expect(kept[0]?.seq).toBe(6)
  })

  it('knows the newest run that it lacks', () => {
    expect(newestGap(run(1, 5), 5)).toBeUndefined()
    expect(newestGap([], 3)).toEqual({ after: 0, count: 3 })
    expect(newestGap(run(4, 5), 5)).toEqual({ after: 0, count: 3 })
    expect(newestGap([...run(1, 2), ...run(6, 9)], 9)).toEqual({ after: 2, count: 3 })
    expect(newestGap(run(1, 5), 7)).toEqual({ after: 5, count: 2 })
  })

  it('does not ask for what it would not keep', () => {
    expect(newestGap(run(1_900, 2_000), 2_000)).toEqual({
      after: 2_000 - historyMax,
      count: 1_899 - (2_000 - historyMax),
    })
    expect(newestGap(run(1_001, 2_000), 2_000)).toBeUndefined()
  })
})
