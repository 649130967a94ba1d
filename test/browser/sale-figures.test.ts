import { expect, it } from 'vitest'
import { saleFiguresOf } from '../../frontend/src/state/sale-figures.ts'
import { ann, auctionJson, bidJson, bob, noon, standingBidOf } from './auction-json.ts'

it('a seller sees bidders, the pace of the last minute, and the rise above the start', () => {
  const events = [bidJson(1, ann, '100.00'), bidJson(30, bob, '130.00'), bidJson(50, ann, '150.00')]
  const auction = auctionJson(standingBidOf(ann, '150.00'))
  expect(saleFiguresOf(auction, events, noon + 61_500)).toEqual({
    bidderCount: 2,
    bidsPerMinute: 2,
    risePercent: 50,
  })
  expect(saleFiguresOf(auctionJson(), [], noon).risePercent).toBeUndefined()
})
