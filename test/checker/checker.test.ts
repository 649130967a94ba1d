import { describe, expect, it } from 'vitest'
import type { EventJson } from '../../src/protocol/event.ts'
import { check } from './checker.ts'
import { auctionId, historyOf, instant, soundHistory, soundJournal } from './hand-made-history.ts'
import type { LineOf } from './history.ts'
import { bidAt, journals, line, renumber, rulesBroken } from './spoiled-history.ts'

describe('the checker', () => {
  it('finds nothing in a sound history', () => {
    expect(check(soundHistory())).toEqual([])
  })

  it('lets an unknown bid stand, once', () => {
    const history = journals((events) => {
      events.splice(4, 0, bidAt(3, 'bid-lost', 'bob', '102.00'))
      renumber(events)
    })
    expect(rulesBroken(history)).not.toContain('bid-once')
    expect(rulesBroken(history)).not.toContain('refused-absent')
  })
})

describe('the checker notices in a journal', () => {
  it('a bid that counts twice', () => {
    const history = journals((events) => {
      events.splice(5, 0, bidAt(3, 'bid-1', 'ann', '103.00'))
      renumber(events)
    })
    expect(rulesBroken(history)).toContain('bid-once')
  })

  it('an acknowledged bid that is gone', () => {
    const history = journals((events) => {
      events.splice(3, 1)
      renumber(events)
    })
    expect(rulesBroken(history)).toContain('acknowledged-stays')
  })

  it('an acknowledged bid with another amount, or of another bidder', () => {
    const dearer = journals(
      (events) => (events[3] = { ...bidAt(2, 'bid-2', 'bob', '102.00'), seq: 4 }),
    )
    expect(rulesBroken(dearer)).toContain('acknowledged-stays')
    const stolen = journals(
      (events) => (events[3] = { ...bidAt(2, 'bid-2', 'eve', '101.00'), seq: 4 }),
    )
    expect(rulesBroken(stolen)).toContain('acknowledged-stays')
  })

  it('a refused bid that stands', () => {
    const history = journals((events) => {
      events.splice(4, 0, bidAt(3, 'bid-low', 'bob', '103.00'))
      renumber(events)
    })
    expect(rulesBroken(history)).toContain('refused-absent')
  })

  it('a gap, or one place taken twice', () => {
    expect(rulesBroken(journals((events) => events.splice(3, 1)))).toContain('seq-run')
    expect(rulesBroken(journals((events) => (events[3]!.seq = 3)))).toContain('seq-run')
  })

  it('a price that does not rise by the increment', () => {
    const history = journals(
      (events) => (events[3] = { ...bidAt(2, 'bid-2', 'bob', '100.50'), seq: 4 }),
    )
    expect(rulesBroken(history)).toContain('price-rises')
  })

  it('two closes, and anything after a close', () => {
    const twice = journals((events) => {
      events.push({ ...events[6]!, seq: 8 })
    })
    expect(rulesBroken(twice)).toContain('one-close')
    const late = journals((events) => {
      events.push({ ...bidAt(81, 'bid-9', 'bob', '110.00'), seq: 8 })
    })
    expect(rulesBroken(late)).toEqual(
      expect.arrayContaining(['nothing-after-close', 'bid-in-time', 'same-winner']),
    )
  })

  it('a close before the end in force', () => {
    const history = journals((events) => (events[6]!.at = instant(79.9)))
    expect(rulesBroken(history)).toContain('close-not-early')
  })

  it('an extension that is missing, doubled, too long, or of no bid', () => {
    const extension = (events: EventJson[]) => events[5]!
    const wrong = [
      journals((events) => renumber(events.toSpliced(5, 1), events)),
      journals((events) => renumber(events.toSpliced(6, 0, { ...extension(events) }), events)),
      journals(
        (events) => (events[5] = { ...extension(events), endsAt: instant(90) } as EventJson),
      ),
      journals((events) => (events[4]!.at = instant(45))),
    ]
    for (const history of wrong) expect(rulesBroken(history)).toContain('end-recomputed')
  })

  it('time that runs back', () => {
    expect(rulesBroken(journals((events) => (events[3]!.at = instant(0.5))))).toContain('seq-run')
  })

  it('a winner that is not the highest bidder', () => {
    const history = journals((events) => {
      const winner = { id: 'bob', name: 'Bob' }
      events[6] = {
        ...events[6]!,
        result: { outcome: 'sold', hammerPrice: '101.00', winner },
      } as EventJson
    })
    expect(rulesBroken(history)).toContain('same-winner')
  })

  it('that two nodes tell different ones', () => {
    const history = historyOf((node) =>
      node === 'n1' ? soundJournal() : soundJournal().toSpliced(6, 1),
    )
    expect(rulesBroken(history)).toContain('journals-equal')
  })
})

describe('the checker notices in what people were told', () => {
  it('an acknowledgement of the wrong place', () => {
    expect(rulesBroken(line('answer', ({ seq }) => seq === 4, { seq: 5 }))).toContain(
      'acknowledged-stays',
    )
  })

  it('a refusal that was not true', () => {
    const tooLow = line('invoke', ({ bidId }) => bidId === 'bid-low', { amount: '102.00' })
    expect(rulesBroken(tooLow)).toContain('refusal-true')
    const closed = line('answer', ({ bidId }) => bidId === 'bid-low', { code: 'closed' })
    expect(rulesBroken(closed)).toContain('refusal-true')
  })

  it('an order that contradicts real time', () => {
    const history = line('answer', ({ bidId }) => bidId === 'bid-2', { atMs: 500 })
    expect(rulesBroken(history)).toContain('real-time-order')
  })

  it('a fresh read that was stale', () => {
    expect(rulesBroken(line('read', () => true, { seq: 3 }))).toContain('read-fresh')
  })

  it('an auction that some node shows open, or with another winner', () => {
    expect(rulesBroken(line('view', () => true, { phase: 'open' }))).toContain('all-closed')
    expect(rulesBroken(line('view', () => true, { winner: 'bob' }))).toContain('same-winner')
  })
})

describe('the checker notices in a feed', () => {
  const ofEvents = ({ kind, seq }: LineOf<'feed'>) => kind === 'events' && seq === 4

  it('a gap', () => {
    const history = soundHistory().filter((one) => one.t !== 'feed' || one.seq !== 4)
    expect(rulesBroken(history)).toContain('feed-run')
    expect(
      rulesBroken(
        line('feed', ofEvents, { events: [{ seq: 4, type: 'BidAccepted', bidId: 'bid-2' }] }),
      ),
    ).toContain('feed-run')
  })

  it('a snapshot that jumps without saying so, but not one that says it', () => {
    const jump = {
      kind: 'snapshot',
      events: [{ seq: 4, type: 'BidAccepted', bidId: 'bid-2' }],
    } as const
    expect(rulesBroken(line('feed', ofEvents, jump))).toContain('feed-run')
    expect(rulesBroken(line('feed', ofEvents, { ...jump, jump: 'behind' }))).toEqual([])
  })

  it('another event than the journal holds', () => {
    const events = [
      { seq: 3, type: 'BidAccepted', bidId: 'bid-2' },
      { seq: 4, type: 'BidAccepted', bidId: 'bid-1' },
    ] as const
    expect(rulesBroken(line('feed', ofEvents, { events }))).toContain('feed-equals-journal')
  })

  it('that it never came to its end', () => {
    const history = soundHistory().filter((one) => one.t !== 'feed' || one.seq !== 7)
    expect(rulesBroken(history)).toContain('feed-complete')
  })

  it('a close that was told before its time by another clock', () => {
    const wallMs = Date.parse(instant(70))
    expect(rulesBroken(line('feed', ({ seq }) => seq === 7, { wallMs }))).toContain(
      'close-not-early',
    )
  })
})

describe('the checker notices in the store', () => {
  it('leaders whose terms fall, or who share one', () => {
    const newest = ({ term }: { term: string }) => term === '20'
    expect(rulesBroken(line('beacon', newest, { term: '9' }))).toContain('terms-rise')
    expect(rulesBroken(line('leader', newest, { term: '9' }))).toContain('terms-rise')
    expect(rulesBroken(line('leader', newest, { term: '10' }))).toContain('terms-rise')
    expect(rulesBroken(line('beacon', newest, { timeMs: 1 }))).toContain('terms-rise')
  })

  it('a log that differs from what the nodes tell', () => {
    const history = soundHistory()
    const raw = history.find((one) => one.t === 'raw')!
    const without = history.map((one) =>
      one === raw ? { ...raw, batches: raw.batches.toSpliced(2, 1) } : one,
    )
    expect(rulesBroken(without)).toContain('raw-equals-journal')
    const swapped = history.map((one) =>
      one === raw ? { ...raw, batches: raw.batches.map((b) => ({ ...b, revision: '7' })) } : one,
    )
    expect(rulesBroken(swapped)).toContain('raw-equals-journal')
  })

  it('a node that wrote while it was frozen', () => {
    expect(rulesBroken(line('frozen', () => true, { node: 'n1' }))).toContain(
      'no-write-while-frozen',
    )
  })

  it('names the auction', () => {
    const [violation] = check(line('view', () => true, { phase: 'open' }))
    expect(violation?.auctionId).toBe(auctionId)
  })
})
