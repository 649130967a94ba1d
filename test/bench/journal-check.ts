import type { EventJson } from '../../src/protocol/event.ts'
import type { EventsPageJson } from '../../src/protocol/http.ts'
import { must } from '../../src/lib/assert.ts'
import type { Acknowledged } from './load/bidders.ts'
import { inPortions, insist } from './sale.ts'
import type { StageNode } from './stage.ts'

const pageLimit = 200
const namedMax = 5

export interface Checked {
  /** Acknowledgements that were looked up. */
  readonly count: number
  /** What is wrong; empty when every one stands where it was told, once. */
  readonly complaints: readonly string[]
}

/** Looks every acknowledged bid up in the journals, as the last node tells them. */
export async function checkJournals(
  nodes: readonly StageNode[],
  acknowledged: readonly Acknowledged[],
): Promise<Checked> {
  const byAuction = new Map<string, Acknowledged[]>()
  for (const bid of acknowledged) {
    const others = byAuction.get(bid.auctionId)
    if (others === undefined) byAuction.set(bid.auctionId, [bid])
    else others.push(bid)
  }
  const auctions = [...byAuction]
  const { url } = must(nodes.at(-1), 'node')
  const found = await inPortions(auctions.length, async (index) => {
    const [auctionId, bids] = must(auctions[index], 'auction')
    return compare(bids, await readJournal(url, auctionId))
  })
  const complaints = found.flat()
  const { length: count } = acknowledged
  if (complaints.length <= namedMax) return { count, complaints }
  const more = `and ${complaints.length - namedMax} more`
  return { count, complaints: [...complaints.slice(0, namedMax), more] }
}

export async function readJournal(url: string, auctionId: string): Promise<EventJson[]> {
  const events: EventJson[] = []
  for (;;) {
    const after = events.at(-1)?.seq ?? 0
    const path = `/auctions/${auctionId}/events?after=${after}&limit=${pageLimit}`
    const page = (await insist(url, path)) as EventsPageJson
    events.push(...page.events)
    if (page.events.length === 0) return events
  }
}

/** Pure. */
export function compare(bids: readonly Acknowledged[], journal: readonly EventJson[]): string[] {
  const complaints: string[] = []
  const bySeq = new Map(journal.map((event) => [event.seq, event]))
  const ids = new Set<string>()
  for (const event of journal) {
    if (event.type !== 'BidAccepted') continue
    if (ids.has(event.bidId)) complaints.push(`${event.bidId} stands twice`)
    ids.add(event.bidId)
  }
  for (const { auctionId, bidId, seq, amount } of bids) {
    const event = bySeq.get(seq)
    const isThere =
      event?.type === 'BidAccepted' && event.bidId === bidId && event.amount === amount
    if (!isThere) complaints.push(`${bidId}, acknowledged at ${seq} of ${auctionId}, is not there`)
  }
  return complaints
}
