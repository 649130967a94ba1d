import { assert, unreachable } from '../lib/assert.ts'
import { checkConditions } from './check-conditions.ts'
import type {
  CancelAuction,
  CloseAuction,
  Command,
  CreateAuction,
  OpenAuction,
  PlaceBid,
} from './commands.ts'
import { accept, type Decision, reject } from './decision.ts'
import type { AuctionClosed, AuctionOpened } from './events.ts'
import { opened } from './evolve.ts'
import { formatOf } from './formats/format-of.ts'
import { amountMaxMinor } from './money.ts'
import { outageCredit } from './outage-credit.ts'
import type { Auction, Open, Scheduled } from './state.ts'

/**
 * The rules of the room: what a command does to the auction as it stands, or why not. All events of one decision belong in
 * one commit. Events carry `at = max(stamp, time of the last event)`: event time never runs back.
 *
 * Not decided here: whether a bidId was accepted before (its journal knows), and the grace before a close (its caller's).
 * Creating what exists, or commanding what does not, is the caller's bug and throws.
 */
export function decide(state: Auction | undefined, command: Command): Decision {
  if (command.type === 'CreateAuction') {
    assert(state === undefined, 'an auction is created once')
    return decideCreate(command)
  }
  assert(state !== undefined, `${command.type} needs an auction`)
  switch (command.type) {
    case 'OpenAuction':
      return decideOpen(state, command)
    case 'PlaceBid':
      return decideBid(state, command)
    case 'CloseAuction':
      return decideClose(state, command)
    case 'CancelAuction':
      return decideCancel(state, command)
    default:
      return unreachable(command)
  }
}

function decideCreate({ at, seller, conditions }: CreateAuction): Decision {
  const refusal = checkConditions(conditions, at)
  if (refusal !== undefined) return reject(refusal)
  const created = { type: 'AuctionCreated', at, seller, format: 'english', conditions } as const
  if (conditions.startsAt > at) return accept(created)
  return accept(created, { type: 'AuctionOpened', at })
}

function decideOpen(state: Auction, command: OpenAuction): Decision {
  if (isOver(state)) return reject({ code: 'closed' })
  if (state.phase === 'open' || timeOf(state, command.at) < state.conditions.startsAt) {
    return reject({ code: 'not-scheduled' })
  }
  return accept(opening(state))
}

/**
 * The order matters: a final refusal is told first where it can only become truer. A bid that is too low stays too low
 * however the end moves, so it is told even when late; whose bid stands is a thing of the moment and comes last.
 */
function decideBid(state: Auction, command: PlaceBid): Decision {
  const { amountMinor } = command
  assert(
    Number.isSafeInteger(amountMinor) && amountMinor >= 0 && amountMinor <= amountMaxMinor,
    'amounts are parsed at the edge',
  )
  if (command.bidder.id === state.seller.id) return reject({ code: 'seller-may-not-bid' })
  if (isOver(state)) return reject({ code: 'closed' })
  const at = timeOf(state, command.at)
  const { startsAt } = state.conditions
  if (state.phase === 'scheduled' && at < startsAt) return reject({ code: 'not-open', startsAt })
  const [auction, openings] = asOpen(state)
  const format = formatOf(auction)
  const refusal = format.refusalForEver(auction, command)
  if (refusal !== undefined) return reject(refusal)
  if (at >= auction.endsAt) return reject({ code: 'late', endsAt: auction.endsAt })
  return after(openings, format.place(auction, command, at))
}

/** Closes, or gives back the time of an outage first. An auction whose whole time passed unopened opens here as well. */
function decideClose(state: Auction, command: CloseAuction): Decision {
  if (isOver(state)) return reject({ code: 'closed' })
  const at = timeOf(state, command.at)
  if (at < state.endsAt) return reject({ code: 'not-due', endsAt: state.endsAt })
  const [auction, openings] = asOpen(state)
  const credit = outageCredit(auction, command, at)
  if (credit !== undefined) return after(openings, accept(credit))
  const result = formatOf(auction).result(auction)
  const closed: AuctionClosed = { type: 'AuctionClosed', at, result }
  return after(openings, accept(closed))
}

function decideCancel(state: Auction, command: CancelAuction): Decision {
  if (command.by.id !== state.seller.id) return reject({ code: 'not-seller' })
  if (isOver(state)) return reject({ code: 'closed' })
  if (state.phase === 'open' && state.bidCount > 0) return reject({ code: 'has-bids' })
  return accept({ type: 'AuctionCancelled', at: timeOf(state, command.at) })
}

function isOver(state: Auction): state is Exclude<Auction, Scheduled | Open> {
  return state.phase === 'closed' || state.phase === 'cancelled'
}

function timeOf(state: Auction, stamp: number): number {
  return Math.max(stamp, state.lastEventAt)
}

/** It opens when it was to open, whoever writes it down and when: nobody gains by a leader that was changing. */
function opening(state: Scheduled): AuctionOpened {
  return { type: 'AuctionOpened', at: timeOf(state, state.conditions.startsAt) }
}

/** The auction as open, and the event that makes it so where it was only scheduled. */
function asOpen(state: Scheduled | Open): readonly [Open, readonly AuctionOpened[]] {
  if (state.phase === 'open') return [state, []]
  const event = opening(state)
  return [opened(state, event), [event]]
}

function after(openings: readonly AuctionOpened[], decision: Decision): Decision {
  const [first] = openings
  return decision.ok && first !== undefined ? accept(first, ...decision.events) : decision
}
