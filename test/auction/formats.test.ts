import { expect, it } from 'vitest'
import { accept, reject } from '../../src/auction/decision.ts'
import type { BidAccepted } from '../../src/auction/events.ts'
import { fold } from '../../src/auction/evolve.ts'
import { english } from '../../src/auction/formats/english.ts'
import type { Format } from '../../src/auction/formats/format.ts'
import type { PlaceBid } from '../../src/auction/commands.ts'
import type { Open } from '../../src/auction/state.ts'
import { must } from '../../src/lib/assert.ts'
import { dollars, opened, person, placeBid, second } from '../support/given.ts'

// The interface must not assume English: two formats that differ in every way fit it, written as briefly as they can be.

const acceptedOf = ({ bidId, bidder, amountMinor }: PlaceBid, at: number): BidAccepted => ({
  type: 'BidAccepted',
  at,
  bidId,
  bidder,
  amountMinor,
})

/** Falls by a dollar a second; the first bid takes it and closes. */
const falling: Format = {
  ...english,
  refusalForEver: () => undefined,
  place({ conditions }, bid, at) {
    const priceMinor = conditions.startPriceMinor - (at - conditions.startsAt) / 10
    if (bid.amountMinor < priceMinor) return reject({ code: 'not-due', endsAt: conditions.endsAt })
    const result = { outcome: 'sold', hammerPriceMinor: priceMinor, winner: bid.bidder } as const
    return accept(acceptedOf(bid, at), { type: 'AuctionClosed', at, result })
  },
}

/** Nobody sees a bid; the highest wins at the close. */
const sealed: Format = {
  ...english,
  refusalForEver: () => undefined,
  place: (_, bid, at) => accept(acceptedOf(bid, at)),
  afterBid(auction, event) {
    const isHigher = event.amountMinor > (auction.standingBid?.amountMinor ?? 0)
    const counted = { ...auction, bidCount: auction.bidCount + 1 }
    return isHigher ? { ...counted, standingBid: { ...event, seq: auction.seq } } : counted
  },
  shown: () => ({ standingBid: null, minimumNextBidMinor: null }),
}

const auction = must(fold(opened()([])), 'auction') as Open
const asBid = (...args: Parameters<typeof placeBid>) => placeBid(...args) as PlaceBid

it('a falling price: too early is not too low for ever, and the first bid closes', () => {
  const bid = asBid(60, { at: 30 })
  expect(falling.refusalForEver(auction, bid)).toBeUndefined()
  expect(falling.place(auction, bid, second(30))).toMatchObject({ ok: false })
  expect(falling.place(auction, bid, second(40))).toMatchObject({
    ok: true,
    events: [
      { type: 'BidAccepted' },
      { type: 'AuctionClosed', result: { hammerPriceMinor: dollars(60), winner: person('bob') } },
    ],
  })
})

it('sealed bids: a lower one counts, none is shown, the highest wins', () => {
  const amounts = [120, 300, 150]
  const after = amounts.reduce((open, amount, index) => {
    const decision = sealed.place(open, asBid(amount, { bidId: `b${index}` }), second(index))
    return decision.ok ? sealed.afterBid(open, decision.events[0] as BidAccepted) : open
  }, auction)
  expect(after.bidCount).toBe(3)
  expect(sealed.shown(after)).toEqual({ standingBid: null, minimumNextBidMinor: null })
  expect(sealed.result(after)).toMatchObject({ outcome: 'sold', hammerPriceMinor: dollars(300) })
})
