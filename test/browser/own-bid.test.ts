import { describe, expect, it } from 'vitest'
import { createOwnBids } from '../../frontend/src/state/own-bid.ts'
import type { BidOutcome, BidRequest, Client } from '../../src/client/client.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'

function bidding(...answers: ((bidId: string) => BidOutcome)[]) {
  const sent: BidRequest[] = []
  const client = {
    bid: async (request: BidRequest) => {
      sent.push(request)
      return answers[Math.min(sent.length, answers.length) - 1]!(request.bidId ?? '')
    },
  } as unknown as Client
  const clock = createManualClock()
  const ownBids = createOwnBids({ client, auctionId: 'a', clock, entropy: seededEntropy(1) })
  return { ownBids, clock, sent }
}

const unknown = (bidId: string): BidOutcome => ({ outcome: 'unknown', bidId, copyCount: 1 })
const accepted = (bidId: string): BidOutcome => ({
  outcome: 'accepted',
  bidId,
  seq: 3,
  amount: '100.00',
  at: '2026-01-01T00:00:00.000Z',
  minimumNextBid: '105.00',
  endsAt: '2026-01-01T01:00:00.000Z',
  copyCount: 1,
})

describe('a bid of this page', () => {
  it('that nobody could tell about is asked after again with the same bidId, until one can', async () => {
    const { ownBids, clock, sent } = bidding(unknown, unknown, accepted)
    const placed = ownBids.place('100.00')
    await settle()
    expect(ownBids.newest.value).toEqual({ state: 'unsure', amount: '100.00' })
    await clock.advance(10_000)
    expect(await placed).toMatchObject({ outcome: 'accepted' })
    expect(ownBids.newest.value).toEqual({
      state: 'accepted',
      amount: '100.00',
      seq: 3,
      tookMs: 6_000,
    })
    expect(new Set(sent.map(({ bidId }) => bidId)).size).toBe(1)
    expect(sent).toHaveLength(3)
  })

  it('is one at a time: none is sent before the last is settled, and each has an id of its own', async () => {
    const { ownBids, clock, sent } = bidding(unknown, accepted)
    const first = ownBids.place('100.00')
    await settle()
    expect(await ownBids.place('105.00')).toBeUndefined()
    await clock.advance(10_000)
    await first
    await ownBids.place('105.00')
    expect(sent.map(({ amount }) => amount)).toEqual(['100.00', '100.00', '105.00'])
    expect(new Set(sent.map(({ bidId }) => bidId)).size).toBe(2)
  })

  it('tells a refusal with what the node said', async () => {
    const { ownBids } = bidding((bidId) => ({
      outcome: 'rejected',
      bidId,
      code: 'bid-too-low',
      final: true,
      minimumNextBid: '120.00',
      copyCount: 1,
    }))
    await ownBids.place('100.00')
    expect(ownBids.newest.value).toMatchObject({
      state: 'refused',
      refused: { code: 'bid-too-low', amount: '100.00', minimumNextBid: '120.00' },
    })
    ownBids.dismiss()
    expect(ownBids.newest.value).toBeUndefined()
  })

  it('is not asked after any more once the page is left', async () => {
    const { ownBids, clock, sent } = bidding(unknown)
    const placed = ownBids.place('100.00')
    await settle()
    ownBids.close()
    expect(await placed).toBeUndefined()
    await clock.advance(60_000)
    expect(sent).toHaveLength(1)
  })
})
