import fc from 'fast-check'
import type { Command, Outage, PlaceBid } from '../../src/auction/commands.ts'
import type { Conditions, SoftClose } from '../../src/auction/conditions.ts'
import { decide } from '../../src/auction/decide.ts'
import type { Decision } from '../../src/auction/decision.ts'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { evolve } from '../../src/auction/evolve.ts'
import type { Auction } from '../../src/auction/state.ts'
import { minimumNextBid } from '../../src/auction/view.ts'
import { must } from '../../src/lib/assert.ts'
import { conditions, person, second, seller } from './given.ts'

/** One thing that people or leaders try; amounts and times depend on how far the auction has come. */
export type Move =
  | { kind: 'bid'; gapMs: number; jitterMs: number; who: string; raiseMinor: number }
  | { kind: 'open' | 'cancel'; gapMs: number }
  | { kind: 'close'; gapMs: number; outage: { name: string; agoMs: number; forMs: number } | null }

const gapMs = fc.oneof(fc.nat(2_000), fc.nat(40_000))

export const anyBidMove = fc.record({
  kind: fc.constant('bid' as const),
  gapMs,
  jitterMs: fc.integer({ min: -3_000, max: 0 }),
  who: fc.constantFrom('ada', 'bob', 'cy', 'dee', 'seller'),
  raiseMinor: fc.oneof(fc.constant(0), fc.integer({ min: -600, max: 3_000 })),
})

/** As a leader tells of it: what took the time from clients may look different, and be named different, to the next. */
const anyOutage = fc.record({
  name: fc.constantFrom('', 'o1', 'o2', 'o3'),
  agoMs: fc.nat(50_000),
  forMs: fc.nat(60_000),
})

const closeMove: fc.Arbitrary<Move> = fc.record({
  kind: fc.constant('close' as const),
  gapMs,
  outage: fc.option(anyOutage, { nil: null }),
})

export const anyMoves: fc.Arbitrary<Move[]> = fc.array(
  fc.oneof(
    { weight: 12, arbitrary: anyBidMove },
    { weight: 4, arbitrary: closeMove },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('open' as const), gapMs }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel' as const), gapMs }) },
  ),
  { minLength: 1, maxLength: 40 },
)

const anySoftClose: fc.Arbitrary<SoftClose | null> = fc.option(
  fc
    .record({
      windowMs: fc.integer({ min: 1, max: 60_000 }),
      extensionMs: fc.integer({ min: 1, max: 90_000 }),
      mode: fc.constantFrom('add' as const, 'reset' as const),
      limits: fc.record(
        {
          maxExtensions: fc.nat(4),
          hardEndsAt: fc.integer({ min: 120, max: 300 }).map(second),
        },
        { requiredKeys: [] },
      ),
    })
    .map(({ limits, ...softClose }) => ({ ...softClose, ...limits })),
  { freq: 5 },
)

/** Two minutes long, so that a plan gets from before the start to after the end. */
export const anyConditions: fc.Arbitrary<Conditions> = fc
  .record({ softClose: anySoftClose, mayRaiseOwnBid: fc.boolean(), bandMinor: fc.nat(30_000) })
  .map(({ bandMinor, ...over }) =>
    conditions({
      ...over,
      endsAt: second(120),
      increments: [
        { fromMinor: 0, stepMinor: 500 },
        { fromMinor: bandMinor + 1, stepMinor: 1_000 },
      ],
    }),
  )

export interface Step {
  readonly command: Command
  readonly before: Auction
  readonly decision: Decision
  readonly after: Auction
}
export interface Played {
  readonly log: AuctionEvent[]
  readonly steps: Step[]
  readonly end: Auction
  /** The time that the last move had come to. */
  readonly nowMs: number
  /** Every outage that was told to `decide`. */
  readonly outages: Outage[]
}

/** Creates the auction half a minute before its start and plays the moves against the rules, one after the other. */
export function play(over: Conditions, moves: readonly Move[]): Played {
  let nowMs = second(-30)
  const created = decide(undefined, { type: 'CreateAuction', at: nowMs, seller, conditions: over })
  const log = eventsOf(created)
  let state = must(
    log.reduce<Auction | undefined>((before, event) => evolve(before, event), undefined),
    'auction',
  )
  const steps: Step[] = []
  const outages: Outage[] = []
  for (const [index, move] of moves.entries()) {
    nowMs += move.gapMs
    const command = commandOf(move, state, nowMs, index)
    if (command.type === 'CloseAuction' && command.outage) outages.push(command.outage)
    const decision = decide(state, command)
    const after = commit(state, decision)
    log.push(...eventsOf(decision))
    steps.push({ command, before: state, decision, after })
    state = after
  }
  return { log, steps, end: state, nowMs, outages }
}

export function eventsOf(decision: Decision): AuctionEvent[] {
  return decision.ok ? [...decision.events] : []
}

export function commit(state: Auction, decision: Decision): Auction {
  return eventsOf(decision).reduce((before, event) => evolve(before, event), state)
}

/** The bid of a move, as it would be placed now. */
export function bidOf(
  move: Extract<Move, { kind: 'bid' }>,
  state: Auction,
  nowMs: number,
  bidId: string,
): PlaceBid {
  const floorMinor = minimumNextBid(state) ?? state.conditions.startPriceMinor
  return {
    type: 'PlaceBid',
    at: nowMs + move.jitterMs,
    bidId,
    bidder: move.who === 'seller' ? seller : person(move.who),
    amountMinor: floorMinor + move.raiseMinor,
  }
}

function commandOf(move: Move, state: Auction, nowMs: number, index: number): Command {
  switch (move.kind) {
    case 'bid':
      return bidOf(move, state, nowMs, `bid-${index}`)
    case 'open':
      return { type: 'OpenAuction', at: nowMs }
    case 'cancel':
      return { type: 'CancelAuction', at: nowMs, by: seller }
    case 'close': {
      if (move.outage === null) return { type: 'CloseAuction', at: nowMs, servingSince: 0 }
      const { name, agoMs, forMs } = move.outage
      const to = nowMs - agoMs
      const outage = { id: name === '' ? `own-${index}` : name, from: to - forMs, to }
      return { type: 'CloseAuction', at: nowMs, servingSince: to, outage }
    }
  }
}
