import { describe, expect, it } from 'vitest'
import {
  bid,
  cancelled,
  closed,
  given,
  opened,
  openAuction,
  scheduled,
  second,
} from '../support/given.ts'

describe('opening an auction', () => {
  it('is refused before its start', () => {
    given(scheduled()).when(openAuction(-0.001)).thenRejected('not-scheduled')
  })

  it.each([0, 45])('opens it as of its start when asked %i s after it', (at) => {
    const state = given(scheduled())
      .when(openAuction(at))
      .thenHappens({ type: 'AuctionOpened', at: second(0) })
    expect(state.phase).toBe('open')
  })

  it('is refused when it is open already, or over', () => {
    given(opened()).when(openAuction(10)).thenRejected('not-scheduled')
    given(opened(), bid(100), closed()).when(openAuction(700)).thenRejected('closed')
    given(scheduled(), cancelled()).when(openAuction(10)).thenRejected('closed')
  })
})
