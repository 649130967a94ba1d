import { expect } from 'vitest'
import type { Command, CreateAuction, Outage } from '../../src/auction/commands.ts'
import { type Conditions, defaultSoftClose, type SoftClose } from '../../src/auction/conditions.ts'
import { decide } from '../../src/auction/decide.ts'
import type { Decision } from '../../src/auction/decision.ts'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { fold } from '../../src/auction/evolve.ts'
import { violations } from '../../src/auction/invariants.ts'
import type { Minor } from '../../src/auction/money.ts'
import type { Person } from '../../src/auction/person.ts'
import type { Rejection, RejectionCode } from '../../src/auction/rejection.ts'
import type { Auction } from '../../src/auction/state.ts'
import { must } from '../../src/lib/assert.ts'

// The language of the rules' tests. Amounts are in dollars, instants in seconds after the auction's start; the auction of
// these tests is created a minute before its start, runs ten minutes, starts at $100 and rises by $5.

export const startsAt = Date.UTC(2026, 0, 1, 12)

/** The instant so many seconds after the start. */
export function second(seconds: number): number {
  return startsAt + Math.round(seconds * 1000)
}

export function dollars(amount: number): Minor {
  return Math.round(amount * 100)
}

export const seller: Person = { id: 'seller', name: 'Selma' }

export function person(name: string): Person {
  return { id: name, name }
}

export function conditions(over: Partial<Conditions> = {}): Conditions {
  return {
    currency: 'USD',
    startPriceMinor: dollars(100),
    increments: [{ fromMinor: 0, stepMinor: dollars(5) }],
    startsAt,
    endsAt: second(600),
    softClose: null,
    mayRaiseOwnBid: false,
    ...over,
  }
}

export function softClose(over: Partial<SoftClose> = {}): Partial<Conditions> {
  return { softClose: { ...defaultSoftClose, ...over } }
}

/** Something that happened, given all that happened before. */
export type Fact = (before: readonly AuctionEvent[]) => AuctionEvent[]

export const scheduled =
  (over: Partial<Conditions> = {}): Fact =>
  () => [
    {
      type: 'AuctionCreated',
      at: second(-60),
      seller,
      format: 'english',
      conditions: conditions(over),
    },
  ]

export const opened =
  (over: Partial<Conditions> = {}): Fact =>
  (before) => [...scheduled(over)(before), { type: 'AuctionOpened', at: startsAt }]

interface BidOptions {
  by?: string
  /** Seconds after the start; one second after the event before when left out. */
  at?: number
  bidId?: string
}

/** An accepted bid, of Ada if nobody is named. */
export const bid =
  (amount: number, { by = 'ada', at, bidId }: BidOptions = {}): Fact =>
  (before) => [
    {
      type: 'BidAccepted',
      at: at === undefined ? lastAt(before) + 1000 : second(at),
      bidId: bidId ?? `bid-${before.length}`,
      bidder: person(by),
      amountMinor: dollars(amount),
    },
  ]

export const extendedTo =
  (end: number): Fact =>
  (before) => [
    {
      type: 'AuctionExtended',
      at: lastAt(before),
      reason: 'soft-close',
      from: endOf(before),
      endsAt: second(end),
    },
  ]

export const gaveBack =
  (outageId: string, span: { at: number; until: number }): Fact =>
  (before) => [
    {
      type: 'AuctionExtended',
      at: second(span.at),
      reason: 'outage',
      from: endOf(before),
      endsAt: second(span.until),
      outageId,
    },
  ]

export const closed = (): Fact => (before) => {
  const last = before.findLast((event) => event.type === 'BidAccepted')
  const result =
    last === undefined
      ? ({ outcome: 'passed' } as const)
      : ({ outcome: 'sold', hammerPriceMinor: last.amountMinor, winner: last.bidder } as const)
  return [{ type: 'AuctionClosed', at: endOf(before) + 250, result }]
}

export const cancelled = (): Fact => (before) => [{ type: 'AuctionCancelled', at: lastAt(before) }]

export function createAuction(
  over: Partial<Conditions> = {},
  { at = -60 }: { at?: number } = {},
): CreateAuction {
  return { type: 'CreateAuction', at: second(at), seller, conditions: conditions(over) }
}

/** A bid, of Bob if nobody is named, ten seconds after the start if not said otherwise. */
export function placeBid(
  amount: number,
  { by = 'bob', at = 10, bidId = 'the-bid' }: BidOptions = {},
): Command {
  const bidder = by === 'seller' ? seller : person(by)
  return { type: 'PlaceBid', at: second(at), bidId, bidder, amountMinor: dollars(amount) }
}

export function openAuction(at: number): Command {
  return { type: 'OpenAuction', at: second(at) }
}

/** A close at `at`; with an outage, the store has served since its end. */
export function closeAuction(
  at: number,
  outage?: { id?: string; from: number; to: number },
): Command {
  if (outage === undefined) return { type: 'CloseAuction', at: second(at), servingSince: 0 }
  const { id = 'outage-1', from, to } = outage
  const named: Outage = { id, from: second(from), to: second(to) }
  return { type: 'CloseAuction', at: second(at), servingSince: named.to, outage: named }
}

export function cancelAuction(at: number, by: Person = seller): Command {
  return { type: 'CancelAuction', at: second(at), by }
}

export interface Then {
  readonly decision: Decision
  /** Exactly these events, in order; of each, at least what is written here. */
  thenHappens(...events: readonly Partial<AuctionEvent>[]): Auction
  thenRejected(code: RejectionCode, details?: Partial<Rejection>): void
}

/** Builds a history, asks the rules, and holds both the history and what they add to it against the invariants. */
export function given(...facts: readonly Fact[]): { when(command: Command): Then } {
  const history = facts.reduce<AuctionEvent[]>((before, fact) => [...before, ...fact(before)], [])
  if (history.length > 0) expect(violations(history), 'the given history').toEqual([])
  return {
    when(command) {
      const decision = decide(fold(history), command)
      return {
        decision,
        thenHappens(...events) {
          expect(decision).toMatchObject({ ok: true, events })
          const after = [...history, ...(decision.ok ? decision.events : [])]
          expect(violations(after)).toEqual([])
          return must(fold(after), 'auction')
        },
        thenRejected(code, details = {}) {
          expect(decision).toMatchObject({ ok: false, rejection: { code, ...details } })
        },
      }
    },
  }
}

function lastAt(before: readonly AuctionEvent[]): number {
  return must(before.at(-1), 'event before').at
}

function endOf(before: readonly AuctionEvent[]): number {
  return must(fold(before), 'auction').endsAt
}
