import { describe, expect, it } from 'vitest'
import {
  bid,
  cancelled,
  closeAuction,
  closed,
  dollars,
  extendedTo,
  type Fact,
  gaveBack,
  given,
  opened,
  person,
  placeBid,
  scheduled,
  second,
  softClose,
} from '../support/given.ts'

describe('closing', () => {
  it('sells to the standing bid', () => {
    const state = given(opened(), bid(100), bid(105, { by: 'bob' }))
      .when(closeAuction(600.25))
      .thenHappens({
        type: 'AuctionClosed',
        at: second(600.25),
        result: { outcome: 'sold', hammerPriceMinor: dollars(105), winner: person('bob') },
      })
    expect(state).toMatchObject({ phase: 'closed', closedAt: second(600.25), bidCount: 2 })
  })

  it('passes without a bid', () => {
    given(opened())
      .when(closeAuction(600))
      .thenHappens({ type: 'AuctionClosed', result: { outcome: 'passed' } })
  })

  it('is refused before the end in force', () => {
    given(opened())
      .when(closeAuction(599.999))
      .thenRejected('not-due', { endsAt: second(600) })
    given(scheduled()).when(closeAuction(30)).thenRejected('not-due')
    given(opened(softClose()), bid(100, { at: 590 }), extendedTo(660))
      .when(closeAuction(600))
      .thenRejected('not-due', { endsAt: second(660) })
  })

  it('happens once', () => {
    given(opened(), bid(100), closed()).when(closeAuction(601)).thenRejected('closed')
    given(opened(), cancelled()).when(closeAuction(601)).thenRejected('closed')
  })

  it('opens first what nobody opened in its whole time', () => {
    given(scheduled())
      .when(closeAuction(700))
      .thenHappens(
        { type: 'AuctionOpened', at: second(0) },
        { type: 'AuctionClosed', at: second(700), result: { outcome: 'passed' } },
      )
  })
})

describe('an outage', () => {
  // What the outage took between 30 s before the end and the end is left again from the moment of the credit.
  it.each([
    { what: 'ended before the end', from: 580, to: 595, at: 600, until: 615 },
    { what: 'reached past the end', from: 590, to: 640, at: 640, until: 650 },
    { what: 'began before the window', from: 100, to: 580, at: 600, until: 610 },
    { what: 'covered the whole window', from: 100, to: 900, at: 900, until: 930 },
    { what: 'took a millisecond', from: 599.999, to: 601, at: 601, until: 601.001 },
    { what: 'was followed by a time without a leader', from: 590, to: 620, at: 650, until: 660 },
  ])('that $what is given back', ({ from, to, at, until }) => {
    const state = given(opened(), bid(100))
      .when(closeAuction(at, { from, to }))
      .thenHappens({
        type: 'AuctionExtended',
        at: second(at),
        reason: 'outage',
        from: second(600),
        endsAt: second(until),
        outageId: 'outage-1',
      })
    expect(state).toMatchObject({
      phase: 'open',
      endsAt: second(until),
      extensionCount: 0,
      creditedMs: second(until) - second(600),
      creditedUntil: second(at),
    })
  })

  it.each([
    { what: 'was over 30 s before the end', from: 100, to: 570 },
    { what: 'began at the end', from: 600, to: 630 },
    { what: 'began after the end', from: 600.1, to: 630 },
  ])('that $what took nothing', ({ from, to }) => {
    given(opened(), bid(100))
      .when(closeAuction(630, { from, to }))
      .thenHappens({ type: 'AuctionClosed' })
  })

  it('takes nothing from an auction that began after it', () => {
    const short = { endsAt: second(10) }
    given(scheduled(short))
      .when(closeAuction(11, { from: -8, to: -1 }))
      .thenHappens({ type: 'AuctionOpened' }, { type: 'AuctionClosed' })
    given(scheduled(short))
      .when(closeAuction(11, { from: -8, to: 3 }))
      .thenHappens(
        { type: 'AuctionOpened' },
        { type: 'AuctionExtended', at: second(11), endsAt: second(14) },
      )
  })

  it('is given back in an auction that it kept from opening', () => {
    given(scheduled())
      .when(closeAuction(620, { from: -600, to: 620 }))
      .thenHappens(
        { type: 'AuctionOpened', at: second(0) },
        { type: 'AuctionExtended', at: second(620), endsAt: second(650) },
      )
  })

  const credited: Fact[] = [opened(), bid(100), gaveBack('outage-1', { at: 601, until: 611 })]

  it('is not given back twice, by no leader', () => {
    given(...credited)
      .when(closeAuction(602, { from: 590, to: 601 }))
      .thenRejected('not-due')
    given(...credited)
      .when(closeAuction(611, { from: 590, to: 601 }))
      .thenHappens({ type: 'AuctionClosed' })
  })

  it('of one name is given back once, even if it looks longer to another leader', () => {
    given(...credited)
      .when(closeAuction(620, { from: 590, to: 606 }))
      .thenHappens({ type: 'AuctionClosed' })
  })

  it('is not given back under another name either', () => {
    given(...credited)
      .when(closeAuction(611, { id: 'seen-by-another', from: 590.2, to: 600.9 }))
      .thenHappens({ type: 'AuctionClosed' })
  })

  it('that overlaps one given back counts from that credit on', () => {
    given(...credited)
      .when(closeAuction(612, { id: 'outage-2', from: 595, to: 605 }))
      .thenHappens({ type: 'AuctionExtended', from: second(611), endsAt: second(616) })
  })

  it('of its own after a credit is given back too', () => {
    given(...credited)
      .when(closeAuction(620, { id: 'outage-2', from: 606, to: 620 }))
      .thenHappens({ type: 'AuctionExtended', from: second(611), endsAt: second(625) })
  })

  it('moves the hard end by as much, and uses up no extension', () => {
    const capped = softClose({ hardEndsAt: second(610), maxExtensions: 1 })
    const state = given(opened(capped), bid(100, { at: 575 }), extendedTo(610))
      .when(closeAuction(615, { from: 600, to: 614 }))
      .thenHappens({ type: 'AuctionExtended', reason: 'outage', endsAt: second(625) })
    expect(state).toMatchObject({ extensionCount: 1, creditedMs: 15_000 })

    const hard = softClose({ hardEndsAt: second(610) })
    given(opened(hard), bid(100, { at: 50 }), gaveBack('o', { at: 601, until: 606 }))
      .when(placeBid(105, { at: 605 }))
      .thenHappens({ type: 'BidAccepted' }, { type: 'AuctionExtended', endsAt: second(616) })
  })

  it('that nobody can name is not given back', () => {
    given(opened())
      .when({ type: 'CloseAuction', at: second(601), servingSince: second(600) })
      .thenHappens({ type: 'AuctionClosed' })
  })

  it('counts only itself, not the time after it in which the store was not yet known to serve', () => {
    given(opened())
      .when({
        type: 'CloseAuction',
        at: second(600),
        servingSince: second(598),
        outage: { id: 'short', from: second(580), to: second(590) },
      })
      .thenHappens({ type: 'AuctionExtended', endsAt: second(610) })
  })

  it('does not hold up a close for which the store has served long enough', () => {
    given(opened())
      .when({
        type: 'CloseAuction',
        at: second(601),
        servingSince: second(570),
        outage: { id: 'disagrees', from: second(560), to: second(590) },
      })
      .thenHappens({ type: 'AuctionClosed' })
  })
})
