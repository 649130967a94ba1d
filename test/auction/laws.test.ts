import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Outage, PlaceBid } from '../../src/auction/commands.ts'
import { decide } from '../../src/auction/decide.ts'
import type { AuctionEvent, BidAccepted } from '../../src/auction/events.ts'
import { fold } from '../../src/auction/evolve.ts'
import { violations } from '../../src/auction/invariants.ts'
import { isFinal, type Rejection } from '../../src/auction/rejection.ts'
import type { Auction } from '../../src/auction/state.ts'
import { minimumNextBid } from '../../src/auction/view.ts'
import {
  anyBidMove,
  anyConditions,
  anyMoves,
  bidOf,
  commit,
  eventsOf,
  play,
  type Played,
} from '../support/auction-plan.ts'

const runs = { numRuns: 500 }

/** Any auction, however people, leaders and outages treat it. */
function always(holds: (played: Played) => void, over: { seed?: number } = {}): void {
  const property = fc.property(anyConditions, anyMoves, (over, moves) => {
    holds(play(over, moves))
  })
  fc.assert(property, { ...runs, ...over })
}

const isOver = ({ phase }: Auction) => phase === 'closed' || phase === 'cancelled'
const standingOf = (state: Auction) =>
  state.phase === 'open' || state.phase === 'closed' ? state.standingBid : null
const bidsOf = (log: readonly AuctionEvent[]) =>
  log.filter((event): event is BidAccepted => event.type === 'BidAccepted')

describe('whatever is asked of an auction', () => {
  it('its journal is sound', () => {
    always(({ log }) => expect(violations(log)).toEqual([]))
  })

  it('its journal leads to the state that was reached step by step', () => {
    always(({ log, end }) => expect(fold(log)).toEqual(end))
  })

  it('price, end and time never go back, and an open auction always has time left after its last event', () => {
    always(({ steps }) => {
      for (const { before, after } of steps) {
        expect(after.endsAt).toBeGreaterThanOrEqual(before.endsAt)
        expect(after.lastEventAt).toBeGreaterThanOrEqual(before.lastEventAt)
        expect(standingOf(after)?.amountMinor ?? 0).toBeGreaterThanOrEqual(
          standingOf(before)?.amountMinor ?? 0,
        )
        if (!isOver(after)) expect(after.endsAt).toBeGreaterThan(after.lastEventAt)
      }
    })
  })

  it('nothing happens after a close or a cancel', () => {
    always(({ log, steps }) => {
      const over = log.findIndex(
        ({ type }) => type === 'AuctionClosed' || type === 'AuctionCancelled',
      )
      if (over !== -1) expect(over).toBe(log.length - 1)
      for (const { before, decision } of steps) {
        if (isOver(before)) expect(decision.ok).toBe(false)
      }
    })
  })

  it('a bid refused for good is refused for good ever after', () => {
    always(({ steps }) => {
      for (const [index, { command, decision }] of steps.entries()) {
        if (command.type !== 'PlaceBid' || decision.ok || !isFinal(decision.rejection.code))
          continue
        for (const { after } of steps.slice(index)) {
          const again = decide(after, command)
          expect(again.ok ? 'accepted' : isFinal(again.rejection.code)).toBe(true)
        }
      }
    })
  })

  it('count of extensions and end in force are what the bids in the journal make of the conditions', () => {
    always(({ log, end }) => {
      const again = recount(log, end)
      expect(end.endsAt).toBe(again.endsAt)
      if ('extensionCount' in end) expect(end.extensionCount).toBe(again.extensionCount)
    })
  })

  it('time lost in outages is given back at most once, whoever tells of them and by whatever names', () => {
    always(({ log, outages }) => {
      const credits = log
        .filter((e) => e.type === 'AuctionExtended')
        .filter((e) => e.reason === 'outage')
      const givenBackMs = credits.reduce((sum, { at, endsAt }) => sum + (endsAt - at), 0)
      expect(givenBackMs).toBeLessThanOrEqual(lengthOf(outages))
      expect(new Set(credits.map(({ outageId }) => outageId)).size).toBe(credits.length)
    })
  })
})

describe('two bids at once', () => {
  it('end well in either order of commit', () => {
    fc.assert(
      fc.property(anyConditions, anyMoves, anyBidMove, anyBidMove, (over, moves, one, two) => {
        const { log, end, nowMs } = play(over, moves)
        const a = bidOf(one, end, nowMs + one.gapMs, 'bid-a')
        const b = bidOf(two, end, nowMs + one.gapMs, 'bid-b')
        for (const [first, second] of [
          [a, b],
          [b, a],
        ] as const) {
          const journal = [...log]
          let state = end
          for (const bid of [first, second]) {
            const decision = decide(state, bid)
            if (decision.ok)
              expect(bidsOf(eventsOf(decision)).map((e) => e.bidId)).toEqual([bid.bidId])
            else expectTrue(decision.rejection, bid, state)
            journal.push(...eventsOf(decision))
            state = commit(state, decision)
          }
          const endsAt = state.endsAt
          const close = decide(state, { type: 'CloseAuction', at: endsAt, servingSince: 0 })
          journal.push(...eventsOf(close))
          expect(violations(journal)).toEqual([])
          expect(close.ok).toBe(!isOver(state))
        }
      }),
      runs,
    )
  })

  it('whichever comes second is judged only by what the first one changed', () => {
    fc.assert(
      fc.property(anyConditions, anyMoves, anyBidMove, anyBidMove, (over, moves, one, two) => {
        const { end, nowMs } = play(over, moves)
        const a = bidOf(one, end, nowMs + one.gapMs, 'bid-a')
        const b = bidOf(two, end, nowMs + one.gapMs, 'bid-b')
        const alone = decide(end, b)
        const afterA = decide(commit(end, decide(end, a)), b)
        if (!decide(end, a).ok) expect(afterA).toEqual(alone)
        else if (alone.ok && !afterA.ok) {
          expect(['bid-too-low', 'own-bid']).toContain(afterA.rejection.code)
        }
      }),
      runs,
    )
  })
})

it('these laws see every kind of event and every refusal of a bid', () => {
  const seen = new Set<string>()
  const look = ({ log, steps }: Played) => {
    for (const event of log) {
      seen.add(event.type === 'AuctionExtended' ? `extended: ${event.reason}` : event.type)
    }
    for (const { decision } of steps) if (!decision.ok) seen.add(decision.rejection.code)
  }
  // Not left to luck: a plain close is rare among all that these auctions go through.
  for (const seed of [1, 2, 3, 4]) always(look, { seed })
  expect([...seen].sort()).toEqual(
    [
      'AuctionCancelled',
      'AuctionClosed',
      'AuctionCreated',
      'AuctionOpened',
      'BidAccepted',
      'bid-too-low',
      'closed',
      'extended: outage',
      'extended: soft-close',
      'has-bids',
      'late',
      'not-due',
      'not-open',
      'not-scheduled',
      'own-bid',
      'seller-may-not-bid',
    ].sort(),
  )
})

/** The reason given for a refused bid holds of the auction as it was. */
function expectTrue(rejection: Rejection, bid: PlaceBid, state: Auction): void {
  const at = Math.max(bid.at, state.lastEventAt)
  const reasons: Partial<Record<Rejection['code'], boolean>> = {
    'seller-may-not-bid': bid.bidder.id === state.seller.id,
    closed: isOver(state),
    'not-open': state.phase === 'scheduled' && at < state.conditions.startsAt,
    late: !isOver(state) && at >= state.endsAt,
    'bid-too-low': bid.amountMinor < (minimumNextBid(state) ?? 0),
    'own-bid': standingOf(state)?.bidder.id === bid.bidder.id && !state.conditions.mayRaiseOwnBid,
  }
  expect({ code: rejection.code, holds: reasons[rejection.code] }).toEqual({
    code: rejection.code,
    holds: true,
  })
}

/** From the times of the bids, and the moves by outages, alone. */
function recount(log: readonly AuctionEvent[], { conditions: { softClose, ...sale } }: Auction) {
  let { endsAt } = sale
  let extensionCount = 0
  let creditedMs = 0
  for (const event of log) {
    if (event.type === 'AuctionExtended' && event.reason === 'outage') {
      creditedMs += event.endsAt - endsAt
      endsAt = event.endsAt
    }
    if (event.type !== 'BidAccepted' || softClose === null) continue
    const isLate = event.at > endsAt - softClose.windowMs
    const mayExtend = extensionCount < (softClose.maxExtensions ?? Infinity)
    if (!isLate || !mayExtend) continue
    const base = { add: endsAt, reset: event.at }[softClose.mode]
    const cap = softClose.hardEndsAt === undefined ? Infinity : softClose.hardEndsAt + creditedMs
    const wanted = Math.max(endsAt, Math.min(base + softClose.extensionMs, cap))
    if (wanted > endsAt) extensionCount++
    endsAt = wanted
  }
  return { endsAt, extensionCount }
}

/** How long outages lasted in all; what overlaps counts once. */
function lengthOf(outages: readonly Outage[]): number {
  let lengthMs = 0
  let until = -Infinity
  for (const { from, to } of [...outages].sort((a, b) => a.from - b.from)) {
    lengthMs += Math.max(0, to - Math.max(from, until))
    until = Math.max(until, to)
  }
  return lengthMs
}
