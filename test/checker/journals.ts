import type { EventJson } from '../../src/protocol/event.ts'
import { type HistoryLine, linesOf } from './history.ts'
import { minorOf } from './amount.ts'
import type { Report } from './violation.ts'

/** The journal of every auction, as all surviving nodes tell it. */
export interface Journals {
  readonly auctionIds: readonly string[]
  events(auctionId: string): readonly EventJson[]
  eventAt(auctionId: string, seq: number): EventJson | undefined
  /** The seqs at which a bidId stands. */
  placesOf(auctionId: string, bidId: string): readonly number[]
  /** What stood once `seq` events were in the journal. */
  standingAt(auctionId: string, seq: number): Standing
}

export interface Standing {
  readonly priceMinor: number | undefined
  readonly isClosed: boolean
}

/** Reports where two nodes differ; the first node's telling is then held against everything else. */
export function readJournals(history: readonly HistoryLine[], report: Report): Journals {
  const byAuction = new Map<string, { node: string; text: string; events: readonly EventJson[] }>()
  for (const { auctionId, node, events } of linesOf(history, 'journal')) {
    const first = byAuction.get(auctionId)
    const text = JSON.stringify(events)
    if (first === undefined) byAuction.set(auctionId, { node, text, events })
    else if (first.text !== text)
      report('journals-equal', `${first.node} and ${node} tell different journals`, auctionId)
  }
  const places = new Map<string, number[]>()
  const standings = new Map<string, Standing[]>()
  const eventsOf = (auctionId: string) => byAuction.get(auctionId)?.events ?? []
  for (const auctionId of byAuction.keys()) {
    standings.set(auctionId, standingsOf(eventsOf(auctionId)))
    for (const event of eventsOf(auctionId)) {
      if (event.type !== 'BidAccepted') continue
      const key = `${auctionId} ${event.bidId}`
      places.set(key, [...(places.get(key) ?? []), event.seq])
    }
  }
  return {
    auctionIds: [...byAuction.keys()],
    events: eventsOf,
    eventAt: (auctionId, seq) => eventsOf(auctionId)[seq - 1],
    placesOf: (auctionId, bidId) => places.get(`${auctionId} ${bidId}`) ?? [],
    standingAt: (auctionId, seq) => standings.get(auctionId)?.[seq] ?? unbid,
  }
}

const unbid: Standing = { priceMinor: undefined, isClosed: false }

function standingsOf(events: readonly EventJson[]): Standing[] {
  const standings = [unbid]
  let now = unbid
  for (const event of events) {
    if (event.type === 'BidAccepted') now = { ...now, priceMinor: minorOf(event.amount) }
    if (event.type === 'AuctionClosed') now = { ...now, isClosed: true }
    standings.push(now)
  }
  return standings
}
