import type { Conditions } from './conditions.ts'
import type { AuctionEvent, BidAccepted, Result } from './events.ts'
import { creditWindowMs } from './outage-credit.ts'
import type { Person } from './person.ts'

/**
 * What holds for the journal of every English auction, told from its events alone: nothing here asks `decide` or `evolve`, so
 * that it can judge them, and the cluster that ran them. Give whole journals from seq 1 that end where a commit ended (a bid
 * and the extension that it caused are one commit). Linear in the number of events.
 *
 * @returns each broken law with the seq at which it broke; empty for a sound journal
 */
export function violations(journal: readonly AuctionEvent[]): string[] {
  const found: string[] = []
  const walk = startOf(journal[0])
  if (walk === undefined) return ['seq 1: a journal begins with AuctionCreated']
  for (const [index, event] of journal.entries()) {
    const step: Step = {
      walk,
      event,
      index,
      previous: journal[index - 1],
      next: journal[index + 1],
    }
    for (const law of laws) {
      if (!law.holds(step)) found.push(`seq ${index + 1} ${event.type}: ${law.says}`)
    }
    advance(walk, event)
  }
  return found
}

/** What the laws need to know of all that came before an event. */
interface Walk {
  readonly conditions: Conditions
  readonly seller: Person
  phase: 'scheduled' | 'open' | 'over'
  endsAt: number
  lastAt: number
  standing: BidAccepted | undefined
  extensionCount: number
  creditedMs: number
  readonly outages: Set<string | undefined>
  readonly accepted: Set<string>
}

interface Step {
  readonly walk: Walk
  readonly event: AuctionEvent
  readonly index: number
  readonly previous: AuctionEvent | undefined
  readonly next: AuctionEvent | undefined
}

interface Law {
  readonly says: string
  holds(step: Step): boolean
}

const laws: readonly Law[] = [
  {
    says: 'it is created once, first',
    holds: ({ event, index }) => (event.type === 'AuctionCreated') === (index === 0),
  },
  { says: 'event time never runs back', holds: ({ walk, event }) => event.at >= walk.lastAt },
  { says: 'nothing follows a close or a cancel', holds: ({ walk }) => walk.phase !== 'over' },
  {
    says: 'it opens once, not before its start',
    holds: ({ walk, event }) =>
      event.type !== 'AuctionOpened' ||
      (walk.phase === 'scheduled' && event.at >= walk.conditions.startsAt),
  },
  {
    says: 'bids, extensions and the close need it open',
    holds: ({ walk, event }) =>
      walk.phase === 'open' ||
      !['BidAccepted', 'AuctionExtended', 'AuctionClosed'].includes(event.type),
  },
  ...bidLaws(),
  ...endLaws(),
  {
    says: 'the result is the standing bid',
    holds: ({ walk, event }) =>
      event.type !== 'AuctionClosed' || isResultOf(walk.standing, event.result),
  },
  {
    says: 'nothing is cancelled after a bid',
    holds: ({ walk, event }) => event.type !== 'AuctionCancelled' || walk.standing === undefined,
  },
]

function bidLaws(): Law[] {
  const law = (says: string, holds: (walk: Walk, bid: BidAccepted) => boolean): Law => ({
    says,
    holds: ({ walk, event }) => event.type !== 'BidAccepted' || holds(walk, event),
  })
  return [
    law('a bid is before the end in force', (walk, bid) => bid.at < walk.endsAt),
    law('the seller never bids', (walk, bid) => bid.bidder.id !== walk.seller.id),
    law('one bid is accepted once', (walk, bid) => !walk.accepted.has(nameOf(bid))),
    law('the price rises by the increment in force', isHighEnough),
    law(
      'nobody raises the own bid unless the conditions let them',
      (walk, bid) => walk.conditions.mayRaiseOwnBid || walk.standing?.bidder.id !== bid.bidder.id,
    ),
  ]
}

function endLaws(): Law[] {
  return [
    {
      says: 'an extension moves the end in force on',
      holds: ({ walk, event }) =>
        event.type !== 'AuctionExtended' ||
        (event.from === walk.endsAt && event.endsAt > event.from),
    },
    {
      says: 'a bid extends by the soft close, neither more nor less',
      holds: ({ walk, event, next }) => {
        if (event.type !== 'BidAccepted') return true
        const extended = next?.type === 'AuctionExtended' && next.reason === 'soft-close'
        const endsAt = extended && next.at === event.at ? next.endsAt : walk.endsAt
        return endsAt === endAfter(walk, event.at)
      },
    },
    {
      says: 'a soft close extension follows its bid',
      holds: ({ event, previous }) =>
        event.type !== 'AuctionExtended' ||
        event.reason !== 'soft-close' ||
        previous?.type === 'BidAccepted',
    },
    {
      says: 'an outage is given back once, when the end is due, and no more than it can have taken',
      holds: ({ walk, event }) =>
        event.type !== 'AuctionExtended' ||
        event.reason !== 'outage' ||
        (event.outageId !== undefined &&
          !walk.outages.has(event.outageId) &&
          event.at >= event.from &&
          event.endsAt - event.at <= creditWindowMs),
    },
    {
      says: 'it closes no earlier than the end in force',
      holds: ({ walk, event }) => event.type !== 'AuctionClosed' || event.at >= walk.endsAt,
    },
  ]
}

function startOf(event: AuctionEvent | undefined): Walk | undefined {
  if (event?.type !== 'AuctionCreated') return undefined
  return {
    conditions: event.conditions,
    seller: event.seller,
    phase: 'scheduled',
    endsAt: event.conditions.endsAt,
    lastAt: event.at,
    standing: undefined,
    extensionCount: 0,
    creditedMs: 0,
    outages: new Set(),
    accepted: new Set(),
  }
}

function advance(walk: Walk, event: AuctionEvent): void {
  walk.lastAt = Math.max(walk.lastAt, event.at)
  if (event.type === 'AuctionOpened') walk.phase = 'open'
  if (event.type === 'AuctionClosed' || event.type === 'AuctionCancelled') walk.phase = 'over'
  if (event.type === 'BidAccepted') {
    walk.standing = event
    walk.accepted.add(nameOf(event))
  }
  if (event.type !== 'AuctionExtended') return
  if (event.reason === 'soft-close') walk.extensionCount++
  else walk.creditedMs += event.endsAt - walk.endsAt
  if (event.reason === 'outage') walk.outages.add(event.outageId)
  walk.endsAt = event.endsAt
}

function nameOf(bid: BidAccepted): string {
  return `${bid.bidder.id}/${bid.bidId}`
}

function isHighEnough({ standing, conditions }: Walk, bid: BidAccepted): boolean {
  if (standing === undefined) return bid.amountMinor >= conditions.startPriceMinor
  let stepMinor = 0
  for (const band of conditions.increments) {
    if (standing.amountMinor >= band.fromMinor) stepMinor = band.stepMinor
  }
  return bid.amountMinor - standing.amountMinor >= stepMinor
}

/** The end that the conditions want after a bid at `at`, worked out a second time, apart from soft-close.ts. */
function endAfter(walk: Walk, at: number): number {
  const { softClose } = walk.conditions
  const leftMs = walk.endsAt - at
  if (softClose === null || leftMs >= softClose.windowMs) return walk.endsAt
  const { maxExtensions, hardEndsAt, extensionMs, mode } = softClose
  if (maxExtensions !== undefined && walk.extensionCount >= maxExtensions) return walk.endsAt
  let moveMs = mode === 'add' ? extensionMs : extensionMs - leftMs
  if (hardEndsAt !== undefined) {
    moveMs = Math.min(moveMs, hardEndsAt + walk.creditedMs - walk.endsAt)
  }
  return walk.endsAt + Math.max(0, moveMs)
}

function isResultOf(standing: BidAccepted | undefined, result: Result): boolean {
  if (result.outcome === 'passed') return standing === undefined
  return (
    standing?.amountMinor === result.hammerPriceMinor && standing.bidder.id === result.winner.id
  )
}
