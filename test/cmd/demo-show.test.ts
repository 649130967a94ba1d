import { describe, expect, it } from 'vitest'
import { createFacts } from '../../cmd/demo/facts.ts'
import { createJournalCheck } from '../../cmd/demo/journal-check.ts'
import { createStage } from '../../cmd/demo/stage.ts'
import { characters, robotAt } from '../../cmd/demo/temperament.ts'
import type { Client } from '../../src/client/client.ts'
import type { Temperament } from '../../src/protocol/demo.ts'
import type { EventJson } from '../../src/protocol/event.ts'
import { auctionJson, ann } from '../browser/auction-json.ts'
import { createManualClock } from '../support/manual-clock.ts'

const at = '2026-01-01T12:00:00.000Z'
const bid = (seq: number, bidId: string, amount: string): EventJson => ({
  ...{ seq, type: 'BidAccepted', at, bidId, bidder: ann, amount },
})
const opened: EventJson = { seq: 1, type: 'AuctionOpened', at }

/** A check of one journal, which the test may change. */
function checkOf(journal: EventJson[]) {
  const events = async (_id: string, { after = 0 } = {}) => ({
    epoch: 'e',
    events: journal.filter(({ seq }) => seq > after),
    seq: journal.at(-1)?.seq ?? 0,
  })
  const client = { auctions: { events } } as unknown as Pick<Client, 'auctions'>
  const signal = new AbortController().signal
  return createJournalCheck({ client, clock: createManualClock(), signal })
}

describe('the tally of a demo', () => {
  it('finds each acknowledged bid at its place', async () => {
    const check = checkOf([opened, bid(2, 'a', '100.00'), bid(3, 'b', '105.00')])
    check.acknowledged('lot', { bidId: 'a', seq: 2, amount: '100.00' })
    expect(check.counts()).toEqual({ acknowledged: 1, found: 0, lost: 0 })
    await check.finish()
    check.acknowledged('lot', { bidId: 'b', seq: 3, amount: '105.00' })
    await check.finish()
    expect(check.counts()).toEqual({ acknowledged: 2, found: 2, lost: 0 })
  })

  it.each([
    ['is not at its place', bid(2, 'other', '100.00')],
    ['stands there with another amount', bid(2, 'a', '90.00')],
    ['lies beyond the close', { seq: 2, type: 'AuctionClosed', at, result: { outcome: 'passed' } }],
  ] as [string, EventJson][])('counts a bid as lost that %s', async (_what, event) => {
    const check = checkOf([opened, event])
    const seq = event.type === 'AuctionClosed' ? 3 : 2
    check.acknowledged('lot', { bidId: 'a', seq, amount: '100.00' })
    await check.finish()
    expect(check.counts()).toEqual({ acknowledged: 1, found: 0, lost: 1 })
  })

  it('sees a bid go that it had found before', async () => {
    const journal = [opened, bid(2, 'a', '100.00')]
    const check = checkOf(journal)
    check.acknowledged('lot', { bidId: 'a', seq: 2, amount: '100.00' })
    await check.finish()
    journal[1] = bid(2, 'b', '100.00')
    await check.finish()
    expect(check.counts()).toEqual({ acknowledged: 1, found: 0, lost: 1 })
  })
})

describe('the stage of a demo', () => {
  const nowMs = Date.parse(at)
  const lot = (id: string, inSeconds: number) =>
    auctionJson({ id, endsAt: new Date(nowMs + inSeconds * 1000).toISOString() })

  it('stays with an auction until its end was seen, then goes to the one that ends next', () => {
    const stage = createStage()
    expect(stage.look([], nowMs)).toBeUndefined()
    const [a, b, c] = [lot('a', 45), lot('b', 90), lot('c', 135)]
    expect(stage.look([c, b, a], nowMs)?.id).toBe('a')
    expect(stage.look([a, b, c], nowMs + 44_000)?.id).toBe('a')
    expect(stage.look([b, c], nowMs + 46_000)?.id).toBe('a')
    expect(stage.look([b, c], nowMs + 50_000)?.id).toBe('b')
  })

  it('does not come to an auction that is as good as over, while there is another', () => {
    const stage = createStage()
    expect(stage.look([lot('a', 5), lot('b', 60)], nowMs)?.id).toBe('b')
    expect(createStage().look([lot('a', 5)], nowMs)?.id).toBe('a')
  })
})

describe('the robots of a demo', () => {
  const entropy = { random: () => 0.9, token: () => '' }
  const bids = (temperament: Temperament, lot: object) =>
    characters
      .find((one) => one.temperament === temperament)
      ?.bid({ minimum: 100, worth: 150, leftShare: 0.9, leftMs: 60_000, ...lot }, entropy)

  it('bid as their names say', () => {
    expect(bids('early-bird', {})).toBe(100)
    expect(bids('early-bird', { leftShare: 0.2 })).toBeUndefined()
    expect(bids('sniper', {})).toBeUndefined()
    expect(bids('sniper', { leftMs: 10_000 })).toBe(100)
    expect(bids('stubborn', { minimum: 290 })).toBe(290)
    expect(bids('cautious', {})).toBeUndefined()
    expect(bids('cautious', { minimum: 70 })).toBe(70)
    expect(bids('jumper', {})).toBeGreaterThan(105)
    expect(bids('waverer', {})).toBeUndefined()
  })

  it('have names of their own, however many there are', () => {
    const names = Array.from({ length: 50 }, (_, index) => robotAt(index).name)
    expect(new Set(names).size).toBe(50)
    expect(names.filter((name) => name.length > 40)).toEqual([])
    expect(names[2]).toBe('Sam the sniper')
  })
})

describe('what happened in a demo', () => {
  it('tells how soon the next bid came after a kill, once', async () => {
    const clock = createManualClock()
    const facts = createFacts(clock)
    facts.stageBid()
    facts.add('killed', 'n1')
    await clock.advance(1_300)
    facts.stageBid()
    await clock.advance(1_000)
    facts.stageBid()
    facts.add('restarted', 'n1')
    facts.stageBid()
    expect(facts.list).toMatchObject([
      { nodeId: 'n1', kind: 'killed', nextBidAfterMs: 1_300 },
      { nodeId: 'n1', kind: 'restarted' },
    ])
    expect(facts.list[1]).not.toHaveProperty('nextBidAfterMs')
  })
})
