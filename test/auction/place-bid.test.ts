import { describe, expect, it } from 'vitest'
import { amountMaxMinor } from '../../src/auction/money.ts'
import { isFinal } from '../../src/auction/rejection.ts'
import { minimumNextBid } from '../../src/auction/view.ts'
import {
  bid,
  cancelled,
  closed,
  dollars,
  extendedTo,
  gaveBack,
  given,
  opened,
  person,
  placeBid,
  scheduled,
  second,
  softClose,
} from '../support/given.ts'

describe('the first bid', () => {
  it('may be the start price', () => {
    const state = given(opened())
      .when(placeBid(100, { at: 10, bidId: 'first' }))
      .thenHappens({
        type: 'BidAccepted',
        at: second(10),
        bidId: 'first',
        bidder: person('bob'),
        amountMinor: dollars(100),
      })
    expect(state).toMatchObject({
      bidCount: 1,
      standingBid: { bidId: 'first', amountMinor: dollars(100), at: second(10), seq: 3 },
    })
  })

  it('is too low below the start price', () => {
    given(opened())
      .when(placeBid(99.99))
      .thenRejected('bid-too-low', { minimumMinor: dollars(100) })
  })
})

describe('a later bid', () => {
  it('must reach the standing bid and its increment', () => {
    given(opened(), bid(100))
      .when(placeBid(104.99))
      .thenRejected('bid-too-low', { minimumMinor: dollars(105) })
    given(opened(), bid(100)).when(placeBid(105)).thenHappens({ type: 'BidAccepted' })
  })

  it('goes by the band that the standing bid is in, not by its own', () => {
    const bands = opened({
      increments: [
        { fromMinor: 0, stepMinor: dollars(5) },
        { fromMinor: dollars(200), stepMinor: dollars(10) },
      ],
    })
    given(bands, bid(199)).when(placeBid(204)).thenHappens({ type: 'BidAccepted' })
    given(bands, bid(200))
      .when(placeBid(209.99))
      .thenRejected('bid-too-low', { minimumMinor: dollars(210) })
  })

  it('is never of an earlier time than the event before, whatever its stamp', () => {
    given(opened(), bid(100, { at: 20 }))
      .when(placeBid(105, { at: 15 }))
      .thenHappens({ type: 'BidAccepted', at: second(20) })
  })

  it('may not raise the own bid', () => {
    given(opened(), bid(100, { by: 'bob' }))
      .when(placeBid(105))
      .thenRejected('own-bid')
    given(opened(), bid(100, { by: 'bob' }), bid(105, { by: 'ada' }))
      .when(placeBid(110))
      .thenHappens({ type: 'BidAccepted' })
  })

  it('may raise the own bid where the conditions let it', () => {
    given(opened({ mayRaiseOwnBid: true }), bid(100, { by: 'bob' }))
      .when(placeBid(105))
      .thenHappens({ type: 'BidAccepted' })
  })

  it('is too low before it is an own bid: only the first stays true', () => {
    given(opened(), bid(100, { by: 'bob' }))
      .when(placeBid(101))
      .thenRejected('bid-too-low')
  })
})

describe('a bid before the start', () => {
  it('is refused for now', () => {
    given(scheduled())
      .when(placeBid(100, { at: -0.001 }))
      .thenRejected('not-open', { startsAt: second(0) })
    expect(isFinal('not-open')).toBe(false)
  })

  it.each([0, 12])('opens the auction itself when it comes %i s after the start', (at) => {
    const state = given(scheduled())
      .when(placeBid(100, { at }))
      .thenHappens(
        { type: 'AuctionOpened', at: second(0) },
        { type: 'BidAccepted', at: second(at) },
      )
    expect(state).toMatchObject({ phase: 'open', bidCount: 1, standingBid: { seq: 3 } })
  })

  it('opens nothing when it is refused', () => {
    given(scheduled())
      .when(placeBid(99, { at: 5 }))
      .thenRejected('bid-too-low')
  })

  it('extends as well, when the auction opens into its last seconds', () => {
    given(scheduled(softClose()))
      .when(placeBid(100, { at: 590 }))
      .thenHappens(
        { type: 'AuctionOpened' },
        { type: 'BidAccepted' },
        { type: 'AuctionExtended', endsAt: second(660) },
      )
  })
})

describe('a bid at the end', () => {
  it('is in time a millisecond before it', () => {
    given(opened())
      .when(placeBid(100, { at: 599.999 }))
      .thenHappens({ type: 'BidAccepted' })
  })

  it.each([600, 600.001, 7200])('is late at %d s, not closed: the end may still move', (at) => {
    given(opened(), bid(100))
      .when(placeBid(105, { at }))
      .thenRejected('late', { endsAt: second(600) })
    expect(isFinal('late')).toBe(false)
  })

  it('goes by the end in force', () => {
    const extended = [opened(softClose()), bid(100, { at: 590 }), extendedTo(660)]
    given(...extended)
      .when(placeBid(105, { at: 659.999 }))
      .thenHappens({ type: 'BidAccepted' }, { type: 'AuctionExtended' })
    given(...extended)
      .when(placeBid(105, { at: 660 }))
      .thenRejected('late')
  })

  it('is decided again after an outage was given back, and then it is in time', () => {
    given(opened(), bid(100), gaveBack('o', { at: 601, until: 606 }))
      .when(placeBid(105, { at: 600.5 }))
      .thenHappens({ type: 'BidAccepted', at: second(601) })
  })

  it('is told that it is too low even when late: that is true however the end moves', () => {
    given(opened(), bid(100))
      .when(placeBid(104, { at: 601 }))
      .thenRejected('bid-too-low')
  })

  it('is late even if the auction was never opened', () => {
    given(scheduled())
      .when(placeBid(100, { at: 600 }))
      .thenRejected('late')
  })

  it.each([
    ['sold', [opened(), bid(100), closed()]],
    ['passed', [opened(), closed()]],
    ['cancelled', [opened(), cancelled()]],
    ['cancelled before its start', [scheduled(), cancelled()]],
  ])('is refused as closed only once it is: %s', (_, history) => {
    given(...history)
      .when(placeBid(500, { at: 20 }))
      .thenRejected('closed')
    expect(isFinal('closed')).toBe(true)
  })
})

describe('the seller', () => {
  it.each([
    ['scheduled', [scheduled()]],
    ['open', [opened(), bid(100)]],
    ['closed', [opened(), bid(100), closed()]],
  ])('never bids: %s', (_, history) => {
    given(...history)
      .when(placeBid(500, { by: 'seller' }))
      .thenRejected('seller-may-not-bid')
    given(...history)
      .when(placeBid(1, { by: 'seller', at: -30 }))
      .thenRejected('seller-may-not-bid')
  })
})

it('an amount that no edge can have parsed is a bug, not a bid', () => {
  for (const amount of [Number.NaN, -1, 100.001, 1e18, Infinity]) {
    expect(() =>
      given(opened()).when({ ...placeBid(1), amountMinor: amount * 100 } as never),
    ).toThrow('parsed at the edge')
  }
})

describe('the top of the range', () => {
  const top = amountMaxMinor / 100
  it('tells no minimum that is no amount', () => {
    const state = given(opened({ startPriceMinor: amountMaxMinor }))
      .when(placeBid(top))
      .thenHappens({ type: 'BidAccepted' })
    expect(minimumNextBid(state)).toBeNull()
    given(opened({ startPriceMinor: amountMaxMinor }), bid(top))
      .when(placeBid(top))
      .thenRejected('bid-too-low', { minimumMinor: null })
  })

  it('is not reached in one step: a bid goes to 100 times the minimum', () => {
    given(opened())
      .when(placeBid(10_000.01))
      .thenRejected('step-too-large', { maximumMinor: dollars(10_000) })
    given(opened()).when(placeBid(10_000)).thenHappens({ type: 'BidAccepted' })
    given(opened(), bid(10_000)).when(placeBid(1_000_500)).thenHappens({ type: 'BidAccepted' })
    expect(isFinal('step-too-large')).toBe(false)
  })

  it('a bid up to 10,000.00 is no step too large, however low the price', () => {
    given(opened({ startPriceMinor: 1 }))
      .when(placeBid(10_000))
      .thenHappens({ type: 'BidAccepted' })
  })
})
