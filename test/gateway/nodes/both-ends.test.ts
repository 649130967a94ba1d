import fc from 'fast-check'
import { amountMaxMinor } from '../../../src/auction/money.ts'
import { personName } from '../../../src/protocol/http-request.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BidOutcome } from '../../../src/engine/engine.ts'
import type { ForwardedAnswer, ForwardedAnswers } from '../../../src/engine/forwarding.ts'
import { decodeAnswers, encodeAnswers } from '../../../src/gateway/nodes/answers-frame.ts'
import { decodeForwards, encodeForward } from '../../../src/gateway/nodes/forwards-frame.ts'
import { createDeferred } from '../../../src/lib/deferred.ts'
import { eventually } from '../../support/eventually.ts'
import {
  acceptAll,
  acceptanceOf,
  auctionId,
  bidsOf,
  type Holder,
  kindOf,
  startAsker,
  startHolder,
} from './link-room.ts'

let holder: Holder
let asker: ReturnType<typeof startAsker>
beforeEach(async () => {
  holder = await startHolder()
  asker = startAsker()
})
afterEach(async () => {
  asker.links.close()
  await holder.stop()
})

const soon = { everyMs: 1 }
const forward = (bids = bidsOf(100)) => asker.links.forward(holder.address, bids, 5_000)

describe('bids that are forwarded', () => {
  it('arrive as they left, in their order, and each forward hears of its own', async () => {
    await asker.connect(holder.address)
    const before = holder.taken.length
    const sent = Array.from({ length: 200 }, (_, n) => bidsOf(n, n + 1))
    // Turn by turn and many at once; answered in another order.
    holder.deciding = async (bids) => {
      if (holder.taken.length % 3 === 0) await new Promise((resolve) => setImmediate(resolve))
      return acceptAll(bids)
    }
    const forwards = []
    for (const [n, bids] of sent.entries()) {
      forwards.push(forward(bids))
      if (n % 7 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    const heard = await Promise.all(forwards)
    expect(holder.taken.slice(before)).toEqual(sent)
    for (const [n, { bids }] of sent.entries()) {
      const answers = bids.map(({ bidId, amountMinor }) => acceptanceOf(bidId, amountMinor))
      expect(heard[n]).toEqual({ kind: 'answered', answers })
    }
  })

  it('are unknown when the link breaks meanwhile, and go again later by a new one', async () => {
    await asker.connect(holder.address)
    const decided = createDeferred<ForwardedAnswers>()
    holder.deciding = () => decided.promise
    const before = holder.taken.length
    const broken = forward()
    await eventually(() => holder.taken.length === before + 1, soon)
    holder.cut()
    expect(await broken).toEqual({ kind: 'unknown' })
    decided.resolve([null])
    holder.deciding = acceptAll
    expect(await kindOf(forward())).toBe('not-sent')
    await asker.clock.advance(1_000)
    await asker.connect(holder.address)
  })

  it('are not sent to an incarnation that is no more', async () => {
    const stale = holder.address
    holder.sessionId = 's2'
    expect(await kindOf(asker.links.forward(stale, bidsOf(1), 5_000))).toBe('not-sent')
    await eventually(() => asker.logged.length === 1, soon)
    expect(asker.logged[0]).toMatchObject({
      fields: { why: expect.stringContaining('409') as string },
    })
    await asker.connect(holder.address)
    expect(await kindOf(asker.links.forward(stale, bidsOf(1), 5_000))).toBe('not-sent')
  })
})

const name = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
  .filter((text) => personName.safeParse(text).data === text)
const whole = fc.maxSafeNat()
const instant = fc.double({ min: 0, max: 1e15, noNaN: true }).map((ms) => ms + 0)
const id = fc.stringMatching(/^[A-Za-z0-9_-]{1,64}$/)
const amount = fc.nat(amountMaxMinor)

describe('on the wire', () => {
  it('forwards are read as they were written', () => {
    const bid = fc.record({
      bidId: id,
      bidder: fc.record({ id, name: fc.oneof(name, fc.constant('"\\é')) }),
      amountMinor: fc.nat(1e9),
      at: instant,
    })
    const bids = fc.array(bid, { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(fc.array(bids, { minLength: 1, maxLength: 5 }), (all) => {
        const sent = all.map((one, index) => ({
          number: index + 5,
          bids: { auctionId, lockKey: `locks/${auctionId}/s1~u1`, bids: one },
        }))
        const frame = `[${sent.map(({ number, bids }) => encodeForward(number, bids)).join()}]`
        expect(decodeForwards(Buffer.from(frame).toString(), 4)).toEqual(sent)
      }),
    )
  })

  it('so are answers', () => {
    const facts = {
      seq: whole,
      minimumNextBidMinor: amount,
      endsAt: instant,
      retryAfterMs: instant,
    }
    const outcome: fc.Arbitrary<BidOutcome> = fc.oneof(
      fc.record({
        ...{ outcome: fc.constant('accepted' as const), bidId: fc.constant('b'), seq: whole },
        ...{ amountMinor: amount, at: instant, endsAt: instant },
        minimumNextBidMinor: fc.option(amount),
      }),
      fc.record(
        {
          ...{ outcome: fc.constant('rejected' as const), bidId: fc.constant('b') },
          ...{ code: fc.constantFrom('closed' as const, 'own-bid' as const), final: fc.boolean() },
          ...facts,
        },
        { requiredKeys: ['outcome', 'bidId', 'code', 'final'] },
      ),
      fc.constant({ outcome: 'unknown' as const, bidId: 'b' }),
    )
    const ms = fc.nat(500_000).map((hundredths) => hundredths / 100)
    const timing = fc.record({ waitedMs: ms, lockMs: ms, commitMs: ms, batchSize: whole })
    const answer: fc.Arbitrary<ForwardedAnswer | null> = fc.oneof(
      fc.constant(null),
      fc.record({ outcome, timing }, { requiredKeys: ['outcome'] }),
    )
    fc.assert(
      fc.property(fc.array(answer, { minLength: 1, maxLength: 20 }), (answers) => {
        const { bids } = bidsOf(...answers.map(() => 1))
        const asked = bids.map((bid) => ({ ...bid, bidId: 'b' }))
        const frame = `[${encodeAnswers(3, answers)}]`
        expect(decodeAnswers(frame, () => asked)).toEqual([{ number: 3, answers }])
      }),
    )
  })
})
