import type { EventJson } from '../../../src/protocol/event.ts'
import type { PersonJson } from '../../../src/protocol/person.ts'

/** A bidder by their highest bid. */
export interface Leader {
  readonly rank: number
  readonly bidder: PersonJson
  /** Of the wire. */
  readonly amount: string
  readonly bidCount: number
}

const leadersMax = 5

/** The highest first, and this person's own row also where it is further down. A later bid is always the higher one. */
export function leadersOf(events: readonly EventJson[], personId: string | undefined): Leader[] {
  const byBidder = new Map<string, Omit<Leader, 'rank'>>()
  for (const event of events) {
    if (event.type !== 'BidAccepted') continue
    const { bidder, amount } = event
    const bidCount = (byBidder.get(bidder.id)?.bidCount ?? 0) + 1
    byBidder.delete(bidder.id)
    byBidder.set(bidder.id, { bidder, amount, bidCount })
  }
  const ranked = [...byBidder.values()]
    .reverse()
    .map((leader, index) => ({ rank: index + 1, ...leader }))
  return ranked.filter(({ rank, bidder }) => rank <= leadersMax || bidder.id === personId)
}
