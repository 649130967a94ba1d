import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { evolve, fold } from '../../src/auction/evolve.ts'
import { conditions, person, second, seller } from '../support/given.ts'

const created: AuctionEvent = {
  type: 'AuctionCreated',
  at: second(-60),
  seller,
  format: 'english',
  conditions: conditions(),
}
const instant = fc.integer({ min: -100, max: 1000 }).map(second)
const anyEvent: fc.Arbitrary<AuctionEvent> = fc.oneof(
  fc.constant(created),
  fc.record({ type: fc.constant('AuctionOpened' as const), at: instant }),
  fc.record({ type: fc.constant('AuctionCancelled' as const), at: instant }),
  fc.record({
    type: fc.constant('BidAccepted' as const),
    at: instant,
    bidId: fc.string(),
    bidder: fc.constantFrom(person('ada'), person('bob')),
    amountMinor: fc.nat(),
  }),
  fc.record({
    type: fc.constant('AuctionExtended' as const),
    at: instant,
    reason: fc.constantFrom('soft-close' as const, 'outage' as const),
    from: instant,
    endsAt: instant,
    outageId: fc.string(),
  }),
  fc.record({
    type: fc.constant('AuctionClosed' as const),
    at: instant,
    result: fc.constant({ outcome: 'passed' as const }),
  }),
)

describe('evolve', () => {
  it('takes any events in any order after the creation: it counts them, and time and end never run back', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        let state = evolve(undefined, created)
        for (const event of events) {
          const next = evolve(state, event)
          expect(next.seq).toBe(state.seq + 1)
          expect(next.lastEventAt).toBe(Math.max(state.lastEventAt, event.at))
          expect(next.endsAt).toBeGreaterThanOrEqual(state.endsAt)
          if (state.phase === 'closed' || state.phase === 'cancelled') {
            const { seq, lastEventAt } = next
            expect(next).toEqual({ ...state, seq, lastEventAt })
          }
          state = next
        }
        expect(fold([created, ...events])).toEqual(state)
      }),
    )
  })

  it('never changes the state that it is given', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), anyEvent, (events, event) => {
        const state = fold([created, ...events])
        const before = structuredClone(state)
        evolve(state, event)
        expect(state).toEqual(before)
      }),
    )
  })

  it('has nothing to say about no events, and needs the creation first', () => {
    expect(fold([])).toBeUndefined()
    expect(() => fold([{ type: 'AuctionOpened', at: 0 }])).toThrow('begins with AuctionCreated')
  })

  it('keeps its state small: of outages given back only the newest names', () => {
    const credits = Array.from({ length: 20 }, (_, n) => ({
      type: 'AuctionExtended' as const,
      at: second(600 + n),
      reason: 'outage' as const,
      from: second(600 + n),
      endsAt: second(601 + n),
      outageId: `o${n}`,
    }))
    const state = fold([created, { type: 'AuctionOpened', at: second(0) }, ...credits])
    expect(state).toMatchObject({ phase: 'open', creditedMs: 20_000, creditedUntil: second(619) })
    expect(state.phase === 'open' && state.creditedOutages).toEqual(
      [12, 13, 14, 15, 16, 17, 18, 19].map((n) => `o${n}`),
    )
  })

  it('survives JSON: a state that was stored is the state', () => {
    fc.assert(
      fc.property(fc.array(anyEvent), (events) => {
        const state = fold([created, ...events])
        expect(JSON.parse(JSON.stringify(state))).toEqual(state)
      }),
    )
  })
})
