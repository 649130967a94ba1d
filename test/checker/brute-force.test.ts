import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasLegalOrder } from './brute-force.ts'
import { check } from './checker.ts'
import { type Spoiler, spoilers } from './spoil.ts'
import { historyOf, playTiny, type TinyBid, type TinySale } from './tiny-history.ts'

const casesOfSound = 2_000
const casesOfEach = 1_000
const seed = 20_261_121

const share = fc.integer({ min: 0, max: 99 }).map((hundredth) => hundredth / 100)
const bid: fc.Arbitrary<TinyBid> = fc.record({
  bidder: fc.integer({ min: 0, max: 2 }),
  sentMs: fc.integer({ min: 0, max: 40 }),
  lastsMs: fc.integer({ min: 0, max: 25 }),
  turnShare: share,
  steps: fc.integer({ min: -1, max: 3 }),
  isUnknown: fc.integer({ min: 0, max: 4 }).map((one) => one === 0),
  memory: fc.integer({ min: 0, max: 3 }),
})
const sale: fc.Arbitrary<TinySale> = fc.record({
  bids: fc.array(bid, { minLength: 1, maxLength: 8 }),
  closeMs: fc.integer({ min: 10, max: 80 }),
})
const spot = fc.record({ a: share, b: share })

/** Fails with the smallest history on which checker and search part. */
function expectAgreement(history: ReturnType<typeof historyOf>): boolean {
  const violations = check(history)
  const isLegal = hasLegalOrder(history)
  if (isLegal !== (violations.length === 0))
    expect({ isLegal, violations }, JSON.stringify(history, null, 1)).toBe('the same')
  return isLegal
}

describe('on tiny histories, checker and search', () => {
  it('both find nothing wrong with what was played by the rules', () => {
    const property = fc.property(sale, (one) => {
      return expectAgreement(historyOf(playTiny(one)))
    })
    fc.assert(property, { seed, numRuns: casesOfSound })
  })

  it.each(Object.keys(spoilers) as Spoiler[])('agree when %s', (name) => {
    const verdicts = { legal: 0, illegal: 0 }
    const property = fc.property(sale, spot, (one, where) => {
      const parts = playTiny(one)
      spoilers[name](parts, where)
      verdicts[expectAgreement(historyOf(parts)) ? 'legal' : 'illegal']++
    })
    fc.assert(property, { seed, numRuns: casesOfEach })
    // A spoiler that spoils nothing would make the agreement worthless.
    expect(verdicts.illegal).toBeGreaterThan(casesOfEach / 100)
  })
})
