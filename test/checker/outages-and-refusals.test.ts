import { describe, expect, it } from 'vitest'
import { check } from './checker.ts'
import { auctionId, instant } from './hand-made-history.ts'
import type { HistoryLine, JournalEvent } from './history.ts'
import { credit, journals, line, oneMore, renumber, rulesBroken } from './spoiled-history.ts'

describe('an outage', () => {
  it('is given back once, for what it took, when the end is reached', () => {
    const given = (...credits: JournalEvent[]) =>
      journals((events) => {
        events[6]!.at = instant(150)
        renumber(events.toSpliced(6, 0, ...credits), events)
      })
    const broken = (history: HistoryLine[]) =>
      check(history).filter(({ rule }) => rule === 'outage-once')
    expect(broken(given(credit('o-1', 81, 80, 91)))).toEqual([])
    expect(broken(given(credit('o-1', 81, 80, 91), credit('o-2', 92, 91, 95)))).toEqual([])
    expect(broken(given(credit('o-1', 79, 80, 91)))).toHaveLength(1)
    expect(broken(given(credit('o-1', 81, 80, 112)))).toHaveLength(1)
    // Ten seconds passed since the last one: twelve cannot have been lost since.
    expect(broken(given(credit('o-1', 81, 80, 91), credit('o-2', 92, 91, 104)))).toHaveLength(1)
  })

  it('moves the end from where it was, and onward', () => {
    const moved = (from: number, to: number) =>
      journals((events) => {
        events[6]!.at = instant(150)
        renumber(events.toSpliced(6, 0, credit('o-1', 81, from, to)), events)
      })
    expect(rulesBroken(moved(79, 91))).toContain('end-recomputed')
    expect(
      check(moved(80, 80))
        .map(({ detail }) => detail)
        .join(),
    ).toContain('moves back')
  })
})

describe('a refusal', () => {
  const broken = (history: HistoryLine[]) => rulesBroken(history)

  it('is sound when its reason held', () => {
    expect(broken(oneMore({ code: 'own-bid', final: false, seq: 4 }))).toEqual([])
    expect(broken(oneMore({ code: 'overloaded', final: false }))).toEqual([])
    const seller = { bidder: 'sel' }
    expect(broken(oneMore({ code: 'seller-may-not-bid', final: true, seq: 4 }, seller))).toEqual([])
    const late = { atMs: 90_000 }
    expect(broken(oneMore({ code: 'closed', final: true, seq: 7 }, late))).toEqual([])
    const early = { atMs: 100 }
    expect(broken(oneMore({ code: 'not-open', final: false, seq: 1 }, early))).toEqual([])
  })

  it('is not, when it did not, with whatever code', () => {
    const wrong = [
      oneMore({ code: 'own-bid', final: false, seq: 4 }, { bidder: 'ann' }),
      oneMore({ code: 'seller-may-not-bid', final: true, seq: 4 }),
      oneMore({ code: 'closed', final: true, seq: 4 }),
      oneMore({ code: 'not-open', final: false, seq: 4 }),
      oneMore({ code: 'bid-too-low', final: true, seq: 4 }),
      oneMore({ code: 'bid-id-reused', final: true, seq: 4 }),
      oneMore({ code: 'own-bid', final: true, seq: 4 }),
      oneMore({ code: 'closed', final: true, seq: 99 }, { atMs: 90_000 }),
    ]
    for (const history of wrong) expect(broken(history)).toEqual(['refusal-true'])
  })

  it('of its moment names no older moment; a lasting one may', () => {
    const stale = { atMs: 56_000, bidder: 'bob', amount: '101.00' }
    expect(broken(oneMore({ code: 'own-bid', final: false, seq: 4 }, stale))).toEqual([
      'refusal-true',
    ])
    expect(broken(oneMore({ code: 'bid-too-low', final: true, seq: 4 }, stale))).toEqual([])
  })

  it('names nothing that was sent only later', () => {
    const early = oneMore({ code: 'bid-too-low', final: true, seq: 5 }, { amount: '105.50' })
    expect(broken(early)).toEqual(['refusal-true'])
  })

  it('of a reused id leaves the first bid alone', () => {
    const again = { bidId: 'bid-2', bidder: 'bob', amount: '109.00' }
    expect(broken(oneMore({ code: 'bid-id-reused', final: true, seq: 4 }, again))).toEqual([])
  })

  it('that is not final speaks of no copy that was lost or came later', () => {
    const lost = oneMore(
      { outcome: 'unknown' },
      { bidId: 'bid-3', bidder: 'ann', amount: '105.00' },
    )
    const refusal = { code: 'overloaded', outcome: 'rejected', final: false } as const
    const answer = { t: 'answer', atMs: 31_000, auctionId, bidId: 'bid-3' } as const
    const sent = { t: 'invoke', atMs: 30_500, auctionId, bidId: 'bid-3' } as const
    const again = { ...sent, bidder: 'ann', amount: '105.00' }
    expect(broken([...lost, again, { ...answer, ...refusal }])).toEqual([])
    const first = { bidId: 'bid-4', bidder: 'ann', amount: '105.00' }
    expect(broken(oneMore(refusal, first))).toEqual([])
    const only = line('answer', ({ bidId }) => bidId === 'bid-3', { ...refusal, seq: undefined })
    expect(broken(only)).toEqual(['refused-absent'])
  })

  it('that is not final, after an acknowledgement, speaks of its own copy', () => {
    const again = { bidId: 'bid-2', bidder: 'bob', amount: '101.00' }
    const refused = (final: boolean) => oneMore({ code: 'not-sent', final, seq: undefined }, again)
    expect(broken(refused(false))).toEqual([])
    expect(broken(refused(true))).toEqual(['refused-absent'])
  })

  it('of a bid that stands is not held against a run without the lock', () => {
    const told = { outcome: 'rejected', code: 'overloaded', final: true } as const
    const history = line('answer', ({ bidId }) => bidId === 'bid-3', { ...told, seq: undefined })
    const meta = { t: 'meta', source: 'simulator', seed: 1, options: {} } as const
    expect(broken([meta, ...history])).toEqual(['refused-absent'])
    expect(broken([{ ...meta, without: ['lock'] }, ...history])).toEqual([])
  })
})
