import { describe, expect, it } from 'vitest'
import { check } from './checker.ts'
import { auctionId, instant, soundHistory, soundJournal } from './hand-made-history.ts'
import type { HistoryLine, LineOf } from './history.ts'
import { bidAt, credit, journals, line, renumber, rulesBroken } from './spoiled-history.ts'
import { type Rule, rules } from './violation.ts'

const feedAt = (at: number) => (feed: LineOf<'feed'>) => feed.seq === at
const without = (leave: (line: HistoryLine) => boolean) =>
  soundHistory().filter((one) => !leave(one))
const read = (client: string, atMs: number, seq: number): HistoryLine => {
  const when = { invokedMs: atMs, atMs: atMs + 10 }
  return { t: 'read', client, ...when, auctionId, seq, isFresh: false }
}

/** For every rule a history that breaks it; a rule without one does not compile. */
const planted: Record<Rule, () => HistoryLine[]> = {
  'journals-equal': () => line('journal', ({ node }) => node === 'n2', { events: [] }),
  'seq-run': () => journals((events) => (events[3]!.seq = 3)),
  'opens-first': () => journals((events) => renumber(events.toSpliced(1, 1), events)),
  'price-rises': () =>
    journals((events) => (events[3] = { ...bidAt(2, 'bid-2', 'bob', '100.50'), seq: 4 })),
  'bidder-allowed': () =>
    journals((events) => (events[3] = { ...bidAt(2, 'bid-2', 'sel', '101.00'), seq: 4 })),
  'bid-once': () =>
    journals((events) =>
      renumber(events.toSpliced(4, 0, bidAt(3, 'bid-1', 'ann', '103.00')), events),
    ),
  'bid-sent': () =>
    journals((events) =>
      renumber(events.toSpliced(4, 0, bidAt(3, 'bid-x', 'ann', '103.00')), events),
    ),
  'bid-in-time': () => line('invoke', ({ bidId }) => bidId === 'bid-3', { atMs: 57_000 }),
  'one-close': () => journals((events) => events.push({ ...events[6]!, seq: 8 })),
  'nothing-after-close': () =>
    journals((events) => events.push({ ...bidAt(81, 'bid-9', 'bob', '110.00'), seq: 8 })),
  'close-not-early': () => journals((events) => (events[6]!.at = instant(79.9))),
  'end-recomputed': () => journals((events) => renumber(events.toSpliced(5, 1), events)),
  'outage-once': () =>
    journals((events) => {
      const twice = [credit('o-1', 81, 80, 91), credit('o-1', 92, 91, 95)]
      events[6]!.at = instant(96)
      renumber(events.toSpliced(6, 0, ...twice), events)
    }),
  'same-winner': () => line('view', () => true, { winner: 'bob' }),
  'acknowledged-stays': () => line('answer', ({ seq }) => seq === 4, { seq: 5 }),
  'same-answer': () => [
    ...soundHistory(),
    {
      ...{ t: 'answer', atMs: 70_000, auctionId, bidId: 'bid-1', outcome: 'accepted', seq: 4 },
    },
  ],
  'refused-absent': () =>
    line('answer', ({ bidId }) => bidId === 'bid-3', {
      ...{ outcome: 'rejected', code: 'closed', final: true },
    }),
  'refusal-true': () => line('answer', ({ bidId }) => bidId === 'bid-low', { code: 'closed' }),
  'real-time-order': () => line('answer', ({ bidId }) => bidId === 'bid-2', { atMs: 500 }),
  'read-fresh': () => line('read', () => true, { seq: 3 }),
  'reads-monotonic': () => [...soundHistory(), read('eve', 6_000, 4), read('eve', 7_000, 3)],
  'all-closed': () => line('view', () => true, { phase: 'open' }),
  'views-complete': () => without((one) => one.t === 'view' && one.node === 'n2'),
  'feed-run': () => without((one) => one.t === 'feed' && one.seq === 4),
  'feed-equals-journal': () => line('feed', feedAt(6), { shown: { extensions: 0 } }),
  'feed-complete': () => without((one) => one.t === 'feed' && one.seq === 7),
  'feed-one-close': () => line('feed', feedAt(7), { kind: 'snapshot', jump: 'behind', events: [] }),
  'terms-rise': () => line('beacon', ({ term }) => term === '20', { term: '9' }),
  'raw-equals-journal': () => line('raw', () => true, { batches: [] }),
  'no-write-while-frozen': () => line('frozen', () => true, { node: 'n1' }),
  'no-orphans': () => [
    ...soundHistory(),
    {
      ...{ t: 'leftovers', atMs: 200_000, members: ['n1#1'] },
      ephemerals: [{ key: 'locks/x/n2#1~1', incarnation: 'n2#1' }],
    },
  ],
  'recovered-in-time': () => [
    ...soundHistory(),
    { ...{ t: 'recovery', atMs: 9, target: 'n1', what: 'new leader', tookMs: undefined } },
  ],
}

describe('the checker', () => {
  it('finds nothing in the sound history', () => {
    expect(check(soundHistory())).toEqual([])
  })

  it.each(Object.keys(rules) as Rule[])('reports by its name what breaks %s', (rule) => {
    expect(rulesBroken(planted[rule]())).toContain(rule)
  })

  it('changes nothing in what it is given', () => {
    const history = soundHistory()
    check(history)
    expect(history).toEqual(soundHistory())
    expect(soundJournal()).toEqual(soundJournal())
  })
})
