import { assert, must } from '../lib/assert.ts'
import type { AuctionCreated, AuctionEvent, AuctionExtended } from './events.ts'
import { formatOf } from './formats/format-of.ts'
import type { Auction, Open, Running, Scheduled } from './state.ts'

const creditedOutagesMax = 8

/**
 * The auction after one more event. Total from AuctionCreated on: it never refuses and never throws. An event that cannot
 * follow (a bid after the close) moves seq and time only, so that a reader of a damaged journal still counts right; time and
 * end never run back.
 */
export function evolve(state: Auction | undefined, event: AuctionEvent): Auction {
  if (state === undefined) {
    assert(
      event.type === 'AuctionCreated',
      `a journal begins with AuctionCreated, not ${event.type}`,
    )
    return created(event)
  }
  const next = { ...state, seq: state.seq + 1, lastEventAt: Math.max(state.lastEventAt, event.at) }
  switch (event.type) {
    case 'AuctionCreated':
      return next
    case 'AuctionOpened':
      return next.phase === 'scheduled' ? { ...next, ...unbid, phase: 'open' } : next
    case 'BidAccepted':
      return next.phase === 'open' ? formatOf(next).afterBid(next, event) : next
    case 'AuctionExtended':
      return next.phase === 'open' ? extended(next, event) : next
    case 'AuctionClosed':
      if (next.phase !== 'open') return next
      return { ...next, phase: 'closed', closedAt: next.lastEventAt, result: event.result }
    case 'AuctionCancelled':
      return next.phase === 'scheduled' || next.phase === 'open' ? cancelled(next) : next
  }
}

/** The state that a whole journal, from AuctionCreated on, leads to. */
export function fold(events: readonly [AuctionEvent, ...AuctionEvent[]]): Auction
export function fold(events: readonly AuctionEvent[]): Auction | undefined
export function fold(events: readonly AuctionEvent[]): Auction | undefined {
  let state: Auction | undefined
  for (const event of events) state = evolve(state, event)
  return state
}

/** The open auction that `events` make of a scheduled one; they must open it. */
export function opened(state: Scheduled, event: AuctionEvent): Open {
  const next = evolve(state, event)
  return must(next.phase === 'open' ? next : undefined, 'open auction')
}

const unbid: Running = {
  standingBid: null,
  bidCount: 0,
  extensionCount: 0,
  creditedMs: 0,
  creditedOutages: [],
  creditedUntil: 0,
}

function created({ at, seller, format, conditions }: AuctionCreated): Scheduled {
  const { endsAt } = conditions
  return { phase: 'scheduled', format, seller, conditions, seq: 1, lastEventAt: at, endsAt }
}

function extended(auction: Open, event: AuctionExtended): Open {
  const endsAt = Math.max(auction.endsAt, event.endsAt)
  if (event.reason === 'soft-close') {
    return { ...auction, endsAt, extensionCount: auction.extensionCount + 1 }
  }
  const ids = event.outageId === undefined ? [] : [event.outageId]
  return {
    ...auction,
    endsAt,
    creditedMs: auction.creditedMs + (endsAt - auction.endsAt),
    creditedOutages: [...auction.creditedOutages, ...ids].slice(-creditedOutagesMax),
    creditedUntil: auction.lastEventAt,
  }
}

function cancelled(auction: Scheduled | Open): Auction {
  const { format, seller, conditions, seq, lastEventAt, endsAt } = auction
  const base = { format, seller, conditions, seq, lastEventAt, endsAt }
  return { ...base, phase: 'cancelled', cancelledAt: lastEventAt }
}
