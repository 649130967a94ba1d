import { describe, expect, it } from 'vitest'
import { decide } from '../../src/auction/decide.ts'
import {
  closed,
  conditions,
  createAuction,
  given,
  opened,
  second,
  seller,
} from '../support/given.ts'

describe('creating an auction', () => {
  it('schedules it when it starts later', () => {
    const state = given()
      .when(createAuction({}, { at: -60 }))
      .thenHappens({
        type: 'AuctionCreated',
        at: second(-60),
        seller,
        format: 'english',
        conditions: conditions(),
      })
    expect(state).toMatchObject({ phase: 'scheduled', seq: 1, endsAt: second(600) })
  })

  it.each([
    { at: 0, starts: 'now' },
    { at: 30, starts: 'in the past' },
  ])('opens it in the same decision when it starts $starts', ({ at }) => {
    const state = given()
      .when(createAuction({}, { at }))
      .thenHappens(
        { type: 'AuctionCreated', at: second(at) },
        { type: 'AuctionOpened', at: second(at) },
      )
    expect(state).toMatchObject({ phase: 'open', seq: 2, bidCount: 0, standingBid: null })
  })

  it('refuses conditions that cannot be held, and says where', () => {
    given()
      .when(createAuction({ startPriceMinor: 0 }))
      .thenRejected('bad-conditions', { field: 'startPriceMinor' })
  })

  it('is a bug of the caller where the auction exists, as is any other command where it does not', () => {
    expect(() => given(opened()).when(createAuction())).toThrow('created once')
    expect(() => given(opened(), closed()).when(createAuction())).toThrow('created once')
    expect(() => decide(undefined, { type: 'OpenAuction', at: 0 })).toThrow('needs an auction')
  })
})
