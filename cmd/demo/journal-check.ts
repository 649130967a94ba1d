import type { Client } from '../../src/client/client.ts'
import { type Clock, sleep } from '../../src/lib/clock.ts'
import type { EventJson } from '../../src/protocol/event.ts'

export interface Acknowledged {
  readonly bidId: string
  readonly seq: number
  readonly amount: string
}

export interface JournalCounts {
  readonly acknowledged: number
  readonly found: number
  readonly lost: number
}

/** Looks for every acknowledged bid in the journal, at the very place that was acknowledged. */
export interface JournalCheck {
  acknowledged(auctionId: string, bid: Acknowledged): void
  /** A node was hurt: what was found before is looked for again, from the journal's beginning. */
  again(): void
  counts(): JournalCounts
  /** Reads what is new now and then, until the signal ends it. */
  run(): Promise<void>
  /** Once more, all of it. */
  finish(): Promise<void>
}

interface Ledger {
  readonly bids: Map<number, Acknowledged>
  readonly found: Set<number>
  readonly lost: Set<number>
  /** The journal was read up to here. */
  seq: number
  /** Where it ends, once it does. */
  endSeq: number
}

const lookEveryMs = 1_000
const pageItems = 200
/** Auctions that are over and were read to their end are only counted; their bids are forgotten. */
const ledgersMax = 12

export function createJournalCheck(deps: {
  client: Pick<Client, 'auctions'>
  clock: Clock
  signal: AbortSignal
}): JournalCheck {
  const ledgers = new Map<string, Ledger>()
  let past: JournalCounts = { acknowledged: 0, found: 0, lost: 0 }

  const counts = () => [...ledgers.values()].map(countsOf).reduce(plus, past)
  const look = async () => {
    for (const [id, ledger] of ledgers) await readOn(deps.client, id, ledger)
    for (const [id, ledger] of ledgers) {
      if (ledgers.size <= ledgersMax || !isReadOut(ledger)) continue
      past = plus(past, countsOf(ledger))
      ledgers.delete(id)
    }
  }
  const again = () => {
    for (const ledger of ledgers.values()) ledger.seq = 0
  }
  return {
    acknowledged(auctionId, bid) {
      const ledger = ledgers.get(auctionId) ?? newLedger()
      ledgers.set(auctionId, ledger)
      ledger.bids.set(bid.seq, bid)
      // The journal was read beyond this place before its answer came.
      if (bid.seq <= ledger.seq) ledger.seq = bid.seq - 1
    },
    again,
    counts,
    async run() {
      while (!deps.signal.aborted) {
        // While nodes are tormented a read may fail: the next look reads on.
        await look().catch(() => undefined)
        await sleep(deps.clock, lookEveryMs, deps.signal).catch(() => undefined)
      }
    },
    async finish() {
      again()
      await look().catch(() => undefined)
    },
  }
}

const newLedger = (): Ledger => ({
  bids: new Map(),
  found: new Set(),
  lost: new Set(),
  seq: 0,
  endSeq: Number.POSITIVE_INFINITY,
})

const isReadOut = ({ seq, endSeq }: Ledger) => seq >= endSeq

async function readOn(
  { auctions }: Pick<Client, 'auctions'>,
  id: string,
  ledger: Ledger,
): Promise<void> {
  while (!isReadOut(ledger)) {
    const page = await auctions.events(id, { after: ledger.seq, limit: pageItems })
    for (const event of page.events) compare(ledger, event)
    const last = page.events.at(-1)
    if (last === undefined) return
    ledger.seq = last.seq
    if (last.type === 'AuctionClosed') close(ledger)
    if (last.seq >= page.seq) return
  }
}

function compare({ bids, found, lost }: Ledger, event: EventJson): void {
  const bid = bids.get(event.seq)
  if (bid === undefined) return
  const isThere =
    event.type === 'BidAccepted' && event.bidId === bid.bidId && event.amount === bid.amount
  if (isThere) found.add(bid.seq)
  else found.delete(bid.seq)
  if (!isThere) lost.add(bid.seq)
}

/** Nothing comes after a close: what was acknowledged beyond it is not there. */
function close(ledger: Ledger): void {
  ledger.endSeq = ledger.seq
  for (const seq of ledger.bids.keys()) if (seq > ledger.seq) ledger.lost.add(seq)
}

function countsOf({ bids, found, lost }: Ledger): JournalCounts {
  return { acknowledged: bids.size, found: found.size, lost: lost.size }
}

function plus(a: JournalCounts, b: JournalCounts): JournalCounts {
  return {
    acknowledged: a.acknowledged + b.acknowledged,
    found: a.found + b.found,
    lost: a.lost + b.lost,
  }
}
