import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CopyFate, createBidSettlement } from '../../src/client/bid-settlement.ts'
import type { BidRejected } from '../../src/client/client.ts'
import { acceptance } from './wire-samples.ts'

const bidId = 'bid-0001'
const waitMs = 200
const settlement = (options: { copiesMax?: number; hasEarlierCopies?: boolean } = {}) =>
  createBidSettlement({ bidId, copiesMax: 10, hasEarlierCopies: false, ...options })
const lost: CopyFate = { kind: 'lost' }
const notSent: CopyFate = { kind: 'not-sent' }
const accepted: CopyFate = { kind: 'accepted', acceptance: acceptance(bidId) }
const refused = (code: BidRejected['code'], more: Partial<BidRejected> = {}): CopyFate => ({
  kind: 'refused',
  refusal: { outcome: 'rejected', bidId, code, final: false, ...more },
})
const tooLow = refused('bid-too-low', { final: true, minimumNextBid: '130.00' })

describe('a bid that was sent once', () => {
  test('is accepted, or finally refused, at once', () => {
    expect(settlement().learned(accepted, waitMs)).toMatchObject({
      outcome: { outcome: 'accepted', seq: 7, copyCount: 1 },
    })
    expect(settlement().learned(tooLow, waitMs)).toMatchObject({
      outcome: { outcome: 'rejected', code: 'bid-too-low', final: true, minimumNextBid: '130.00' },
    })
  })

  test.each(['not-open', 'own-bid', 'rate-limited', 'quarantined', 'no-such-auction'] as const)(
    'takes %s for an answer',
    (code) => {
      expect(settlement().learned(refused(code), waitMs)).toMatchObject({
        outcome: { outcome: 'rejected', code, final: false },
      })
    },
  )

  test.each(['overloaded', 'store-unavailable', 'closing', 'draining', 'unsettled'] as const)(
    'is sent again after %s, when the node asked for it',
    (code) => {
      const step = settlement().learned(refused(code, { retryAfterMs: 700 }), waitMs)
      expect(step).toEqual({ kind: 'again', afterMs: 700 })
    },
  )

  test('that was refused in passing may still take a later refusal for an answer', () => {
    const bid = settlement()
    bid.learned(refused('overloaded'), waitMs)
    expect(bid.learned(refused('own-bid'), waitMs)).toMatchObject({
      outcome: { code: 'own-bid', copyCount: 2 },
    })
  })
})

describe('a bid of which a copy was lost', () => {
  test.each(['not-open', 'own-bid', 'rate-limited', 'no-such-auction'] as const)(
    'is not settled by %s, which speaks of another copy',
    (code) => {
      const bid = settlement()
      expect(bid.learned(lost, waitMs)).toEqual({ kind: 'again', afterMs: waitMs })
      expect(bid.learned(refused(code), waitMs).kind).toBe('again')
      expect(bid.givenUp()).toEqual({ outcome: 'unknown', bidId, copyCount: 2 })
    },
  )

  test.each([
    ['accepted', accepted],
    ['rejected', tooLow],
    ['rejected', refused('bid-id-reused')],
  ] as const)('is settled as %s by what is true for every copy', (outcome, fate) => {
    const bid = settlement()
    bid.learned(lost, waitMs)
    expect(bid.learned(fate, waitMs)).toMatchObject({ kind: 'done', outcome: { outcome } })
  })

  test('stays unknown when nobody may ask any more', () => {
    const bid = settlement()
    bid.learned(lost, waitMs)
    expect(bid.learned(refused('sign-in-first'), waitMs)).toMatchObject({
      outcome: { outcome: 'unknown' },
    })
  })

  test('counts copies from before this settlement', () => {
    const bid = settlement({ hasEarlierCopies: true })
    expect(bid.learned(refused('own-bid'), waitMs).kind).toBe('again')
    expect(bid.givenUp().outcome).toBe('unknown')
  })

  test('is given up after so many copies', () => {
    const bid = settlement({ copiesMax: 3 })
    const steps = [lost, lost, lost].map((fate) => bid.learned(fate, waitMs))
    expect(steps.map((step) => step.kind)).toEqual(['again', 'again', 'done'])
  })
})

describe('a bid that reached nobody', () => {
  test('says so after some tries', () => {
    const bid = settlement()
    const steps = Array.from({ length: 6 }, () => bid.learned(notSent, waitMs))
    expect(steps.at(-1)).toMatchObject({
      outcome: { outcome: 'rejected', code: 'not-sent', final: false, copyCount: 0 },
    })
    expect(steps.slice(0, -1).every((step) => step.kind === 'again')).toBe(true)
  })
})

test('no order of fates rejects a bid of which a copy was lost, but for reasons true of every copy', () => {
  const fate = fc.constantFrom(
    lost,
    notSent,
    refused('own-bid'),
    refused('not-open'),
    refused('overloaded'),
    refused('closing'),
    refused('rate-limited'),
    refused('sign-in-first'),
  )
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 20 }), fc.nat(20), (fates, lostAt) => {
      const bid = settlement({ copiesMax: 15 })
      const all = fates.toSpliced(lostAt, 0, lost)
      let hasLost = false
      for (const one of all) {
        hasLost ||= one.kind === 'lost'
        const step = bid.learned(one, waitMs)
        if (step.kind === 'again') continue
        if (hasLost) expect(step.outcome.outcome).toBe('unknown')
        return
      }
      expect(bid.givenUp().outcome).toBe('unknown')
    }),
  )
})
