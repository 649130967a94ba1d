import { describe, expect, it } from 'vitest'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { fold } from '../../src/auction/evolve.ts'
import { minimumNextBid, view } from '../../src/auction/view.ts'
import { must } from '../../src/lib/assert.ts'
import {
  bid,
  cancelled,
  closed,
  conditions,
  dollars,
  extendedTo,
  type Fact,
  opened,
  person,
  scheduled,
  second,
  seller,
  softClose,
} from '../support/given.ts'

function after(...facts: Fact[]) {
  const before: AuctionEvent[] = []
  return must(fold(facts.reduce((all, fact) => [...all, ...fact(all)], before)), 'auction')
}

describe('what the public may see', () => {
  it('of an open auction with a bid', () => {
    const state = after(opened(softClose()), bid(100, { at: 590, bidId: 'b' }), extendedTo(660))
    expect(view(state)).toEqual({
      phase: 'open',
      seller,
      currency: 'USD',
      startsAt: second(0),
      endsAt: second(660),
      startPriceMinor: dollars(100),
      standingBid: {
        bidId: 'b',
        bidder: person('ada'),
        amountMinor: dollars(100),
        at: second(590),
        seq: 3,
      },
      minimumNextBidMinor: dollars(105),
      bidCount: 1,
      increments: conditions().increments,
      softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add' },
      mayRaiseOwnBid: false,
      extensionCount: 1,
      result: null,
      seq: 4,
    })
  })

  it.each([
    {
      phase: 'scheduled',
      facts: [scheduled()],
      minimum: dollars(100),
      bids: 0,
      outcome: undefined,
    },
    { phase: 'open', facts: [opened()], minimum: dollars(100), bids: 0, outcome: undefined },
    { phase: 'closed', facts: [opened(), closed()], minimum: null, bids: 0, outcome: 'passed' },
    {
      phase: 'closed',
      facts: [opened(), bid(100), closed()],
      minimum: null,
      bids: 1,
      outcome: 'sold',
    },
    {
      phase: 'cancelled',
      facts: [opened(), cancelled()],
      minimum: null,
      bids: 0,
      outcome: undefined,
    },
  ])('of one that is $phase ($outcome)', ({ phase, facts, minimum, bids, outcome }) => {
    const state = after(...facts)
    const seen = view(state)
    expect(seen).toMatchObject({ phase, minimumNextBidMinor: minimum, bidCount: bids })
    expect(seen.standingBid === null).toBe(bids === 0)
    expect(seen.result?.outcome).toBe(outcome)
    expect(minimumNextBid(state)).toBe(minimum)
  })
})
