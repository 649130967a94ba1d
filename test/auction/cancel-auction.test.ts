import { expect, it } from 'vitest'
import {
  bid,
  cancelAuction,
  cancelled,
  closed,
  given,
  opened,
  person,
  scheduled,
  second,
} from '../support/given.ts'

it.each([
  ['scheduled', scheduled(), -30],
  ['open', opened(), 30],
])('the seller may cancel before the first bid: %s', (_, fact, at) => {
  const state = given(fact)
    .when(cancelAuction(at))
    .thenHappens({ type: 'AuctionCancelled', at: second(at) })
  expect(state).toMatchObject({ phase: 'cancelled', cancelledAt: second(at) })
})

it('nobody else may', () => {
  given(opened())
    .when(cancelAuction(30, person('bob')))
    .thenRejected('not-seller')
  given(opened(), closed())
    .when(cancelAuction(700, person('bob')))
    .thenRejected('not-seller')
})

it('nobody may after a bid', () => {
  given(opened(), bid(100)).when(cancelAuction(30)).thenRejected('has-bids')
})

it('nobody may twice, or after the close', () => {
  given(opened(), cancelled()).when(cancelAuction(30)).thenRejected('closed')
  given(opened(), bid(100), closed()).when(cancelAuction(700)).thenRejected('closed')
})

it('a stamp from before the last event does not turn time back', () => {
  given(opened())
    .when(cancelAuction(-5))
    .thenHappens({ type: 'AuctionCancelled', at: second(0) })
})
