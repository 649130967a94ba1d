import { describe, expect, it } from 'vitest'
import type { EventJson } from '../../src/protocol/event.ts'
import { compare } from './journal-check.ts'
import type { Acknowledged } from './load/bidders.ts'

const auctionId = '01K5X00000000000000000000A'
const at = '2026-01-01T12:00:00.000Z'
const bidder = { id: 'ada', name: 'Ada' }
const accepted = (seq: number, bidId: string, amount: string): EventJson => ({
  ...{ type: 'BidAccepted', seq, at, bidId, bidder, amount },
})
const acknowledged = (seq: number, bidId: string, amount: string): Acknowledged => ({
  ...{ auctionId, bidId, seq, amount },
})

describe('an acknowledged bid', () => {
  const journal = [accepted(3, 'bid-one', '101.00'), accepted(4, 'bid-two', '102.00')]

  it('is found where it was told to be', () => {
    expect(compare([acknowledged(4, 'bid-two', '102.00')], journal)).toEqual([])
  })
  it.each([
    ['that is missing', acknowledged(5, 'bid-three', '103.00')],
    ['at another place', acknowledged(3, 'bid-two', '102.00')],
    ['of another amount', acknowledged(4, 'bid-two', '120.00')],
  ])('%s is complained of', (_, bid) => {
    expect(compare([bid], journal)).toHaveLength(1)
  })
  it('that stands twice is complained of', () => {
    const twice = [...journal, accepted(5, 'bid-two', '102.00')]
    expect(compare([], twice)).toEqual(['bid-two stands twice'])
  })
})
