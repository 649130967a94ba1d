import { describe, expect, it } from 'vitest'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { violations } from '../../src/auction/invariants.ts'
import {
  bid,
  cancelled,
  closed,
  dollars,
  extendedTo,
  type Fact,
  gaveBack,
  opened,
  person,
  scheduled,
  second,
  seller,
  softClose,
} from '../support/given.ts'

function journal(...facts: Fact[]): AuctionEvent[] {
  return facts.reduce<AuctionEvent[]>((before, fact) => [...before, ...fact(before)], [])
}

/** A fact as it never should be. */
const bad =
  (fact: Fact, over: Partial<AuctionEvent>): Fact =>
  (before) =>
    fact(before).map((event) => ({ ...event, ...over }) as AuctionEvent)

describe('a sound journal', () => {
  it.each<[string, Fact[]]>([
    ['sold', [opened(), bid(100), bid(105, { by: 'bob' }), closed()]],
    ['passed', [opened(), closed()]],
    ['cancelled', [scheduled(), cancelled()]],
    ['extended', [opened(softClose()), bid(100, { at: 590 }), extendedTo(660), closed()]],
    ['given time back', [opened(), bid(100), gaveBack('o', { at: 601, until: 610 }), closed()]],
  ])('%s', (_, facts) => {
    expect(violations(journal(...facts))).toEqual([])
  })
})

describe('a damaged journal', () => {
  const late = [opened(softClose()), bid(100, { at: 590 })]
  it.each<[string, Fact[]]>([
    ['begins with AuctionCreated', []],
    ['begins with AuctionCreated', [() => [{ type: 'AuctionOpened', at: 0 }]]],
    ['created once', [opened(), scheduled()]],
    ['time never runs back', [opened(), bid(100, { at: 20 }), bid(105, { by: 'bob', at: 19 })]],
    ['nothing follows', [opened(), bid(100), closed(), bid(105, { by: 'bob' })]],
    ['nothing follows', [opened(), closed(), closed()]],
    ['nothing follows', [opened(), cancelled(), closed()]],
    ['opens once', [opened(), () => [{ type: 'AuctionOpened', at: second(1) }]]],
    ['opens once, not before', [scheduled(), () => [{ type: 'AuctionOpened', at: second(-1) }]]],
    ['need it open', [scheduled(), bid(100)]],
    ['need it open', [scheduled(), closed()]],
    ['before the end', [opened(), bid(100, { at: 600 })]],
    ['seller never bids', [opened(), bad(bid(100), { bidder: seller })]],
    [
      'accepted once',
      [opened(), bid(100, { bidId: 'b' }), bid(105, { by: 'bob' }), bid(110, { bidId: 'b' })],
    ],
    ['price rises', [opened(), bid(99)]],
    ['price rises', [opened(), bid(100), bid(104, { by: 'bob' })]],
    ['own bid', [opened(), bid(100), bid(105)]],
    ['neither more nor less', late],
    ['neither more nor less', [...late, extendedTo(661)]],
    ['neither more nor less', [opened(softClose()), bid(100, { at: 500 }), extendedTo(660)]],
    ['follows its bid', [...late, extendedTo(660), extendedTo(720)]],
    ['moves the end in force on', [...late, bad(extendedTo(660), { from: second(599) })]],
    ['moves the end in force on', [opened(), gaveBack('o', { at: 601, until: 600 })]],
    [
      'given back once',
      [opened(), gaveBack('o', { at: 601, until: 610 }), gaveBack('o', { at: 611, until: 620 })],
    ],
    ['given back once', [opened(), gaveBack('o', { at: 599, until: 610 })]],
    ['given back once', [opened(), gaveBack('o', { at: 601, until: 632 })]],
    ['no earlier than the end', [opened(), bad(closed(), { at: second(599.999) })]],
    [
      'result is the standing bid',
      [opened(), bid(100), bad(closed(), { result: { outcome: 'passed' } })],
    ],
    [
      'result is the standing bid',
      [
        opened(),
        bid(100),
        bad(closed(), {
          result: { outcome: 'sold', hammerPriceMinor: dollars(105), winner: person('ada') },
        }),
      ],
    ],
    ['nothing is cancelled after a bid', [opened(), bid(100), cancelled()]],
  ])('%s (%#)', (law, facts) => {
    expect(violations(journal(...facts)).join('\n')).toContain(law)
  })
})
