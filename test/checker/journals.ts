import { type Conditions, conditionsOf, nothing, type Standing, standingsOf } from './fold.ts'
import type { JournalEvent } from './history.ts'
import type { Lines } from './lines.ts'
import type { Report } from './violation.ts'

/** The journal of every auction, as all surviving nodes tell it. */
export interface Journals {
  readonly auctionIds: readonly string[]
  events(auctionId: string): readonly JournalEvent[]
  eventAt(auctionId: string, seq: number): JournalEvent | undefined
  /** Undefined where the journal does not begin with its creation. */
  conditions(auctionId: string): Conditions | undefined
  /** The seqs at which a bidId stands. */
  placesOf(auctionId: string, bidId: string): readonly number[]
  /** What stood once `seq` events were in the journal; at most its end. */
  standingAt(auctionId: string, seq: number): Standing
}

interface Told {
  readonly node: string
  readonly text: string
  readonly events: readonly JournalEvent[]
  readonly conditions: Conditions | undefined
  readonly standings: readonly Standing[]
  readonly places: ReadonlyMap<string, number[]>
}

const none: readonly never[] = []

/** Reports where two nodes differ; the first node's telling is then held against everything else. */
export function readJournals(lines: Lines, report: Report): Journals {
  const byAuction = new Map<string, Told>()
  for (const { auctionId, node, events } of lines.journal) {
    const first = byAuction.get(auctionId)
    const text = JSON.stringify(events, onTheWire)
    if (first !== undefined && first.text !== text)
      report('journals-equal', `${first.node} and ${node} tell different journals`, auctionId)
    if (first === undefined || (first.text === text && tellsMore(events)))
      byAuction.set(auctionId, read(node, text, events))
  }
  return {
    auctionIds: [...byAuction.keys()],
    events: (id) => byAuction.get(id)?.events ?? none,
    eventAt: (id, seq) => byAuction.get(id)?.events[seq - 1],
    conditions: (id) => byAuction.get(id)?.conditions,
    placesOf: (id, bidId) => byAuction.get(id)?.places.get(bidId) ?? none,
    standingAt(id, seq) {
      const standings = byAuction.get(id)?.standings ?? none
      return standings[Math.min(seq, standings.length - 1)] ?? nothing
    },
  }
}

/** Nodes do not tell which outage was given back; the store's own journal does. */
const onTheWire = (name: string, value: unknown) => (name === 'outageId' ? undefined : value)
const tellsMore = (events: readonly JournalEvent[]) =>
  events.some(({ outageId }) => outageId !== undefined)

function read(node: string, text: string, events: readonly JournalEvent[]): Told {
  const places = new Map<string, number[]>()
  for (const [index, event] of events.entries()) {
    if (event.type !== 'BidAccepted') continue
    const known = places.get(event.bidId)
    if (known === undefined) places.set(event.bidId, [index + 1])
    else known.push(index + 1)
  }
  const conditions = conditionsOf(events[0])
  return { node, text, events, places, conditions, standings: standingsOf(events) }
}
