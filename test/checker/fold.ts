import type { IncrementJson } from '../../src/protocol/auction.ts'
import { incrementOver, minorOf } from './amount.ts'
import type { JournalEvent } from './history.ts'

/** An auction at one place of its journal, folded without a look at the engine's rules. */
export interface Standing {
  readonly phase: 'none' | 'scheduled' | 'open' | 'closed' | 'cancelled'
  readonly priceMinor: number | undefined
  readonly bidder: string | undefined
  readonly bidCount: number
  readonly endsAt: number
  /** Soft-close moves so far. */
  readonly extensions: number
}

/** What the creation fixed, read once. */
export interface Conditions {
  readonly seller: string
  readonly startMinor: number
  readonly increment: IncrementJson
  readonly mayRaiseOwnBid: boolean
  readonly startsAt: number
}

export const nothing: Standing = {
  ...{ phase: 'none', priceMinor: undefined, bidder: undefined, bidCount: 0 },
  ...{ endsAt: Number.NaN, extensions: 0 },
}

export const isOver = ({ phase }: Standing) => phase === 'closed' || phase === 'cancelled'

/** Total: what should not be there is folded all the same; other rules report it. At index `seq`: after that many events. */
export function standingsOf(events: readonly JournalEvent[]): Standing[] {
  const standings = [nothing]
  let now = nothing
  for (const event of events) {
    now = next(now, event)
    standings.push(now)
  }
  return standings
}

function next(now: Standing, event: JournalEvent): Standing {
  switch (event.type) {
    case 'AuctionCreated':
      return { ...now, phase: 'scheduled', endsAt: Date.parse(event.endsAt) }
    case 'AuctionOpened':
      return { ...now, phase: 'open' }
    case 'BidAccepted':
      return {
        ...now,
        priceMinor: minorOf(event.amount),
        bidder: event.bidder.id,
        bidCount: now.bidCount + 1,
      }
    case 'AuctionExtended':
      return {
        ...now,
        endsAt: Math.max(now.endsAt, Date.parse(event.endsAt)),
        extensions: now.extensions + (event.reason === 'soft-close' ? 1 : 0),
      }
    case 'AuctionClosed':
      return { ...now, phase: 'closed' }
    case 'AuctionCancelled':
      return { ...now, phase: 'cancelled' }
  }
}

export function conditionsOf(created: JournalEvent | undefined): Conditions | undefined {
  if (created?.type !== 'AuctionCreated') return undefined
  const { seller, startPrice, increment, mayRaiseOwnBid, startsAt } = created
  return {
    ...{ seller: seller.id, startMinor: minorOf(startPrice), increment, mayRaiseOwnBid },
    startsAt: Date.parse(startsAt),
  }
}

/** The least that may be bid over this. */
export function leastOver({ priceMinor }: Standing, conditions: Conditions): number {
  if (priceMinor === undefined) return conditions.startMinor
  return priceMinor + incrementOver(priceMinor, conditions.increment)
}
