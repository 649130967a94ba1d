import type { RunningEngine } from '../../../src/engine/create-engine.ts'
import { must } from '../../../src/lib/assert.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { latencyMs, sum } from '../pace.ts'
import { countCalls, type StoreCounts } from '../counting-store.ts'
import { createAuction, startEngine } from '../engine-alone.ts'
import type { Measure, Scenario } from '../scenario.ts'
import { provideStoreAlone, type StoreAlone } from '../store-alone.ts'

/** As many as bids gather in a head before they leave it: so that every history is seen in all its phases. */
const samples = 512
const takeOverMsMax = 1_000
const placeAtOnce = 64
const pageLimit = 2_000

interface Lot {
  readonly auctionId: string
  readonly history: number
  bidCount: number
  /** Where each bid was told to be. */
  readonly accepted: Map<number, { readonly bidId: string; readonly amountMinor: number }>
}

interface Cost {
  readonly ms: number
  readonly bytes: number
  readonly storeOps: number
}

type Operation = (lot: Lot, sample: number) => Promise<void>

/** In this process, where the store's calls can be counted; the histories take turns, bid by bid. */
export const growth: Scenario = {
  name: 'growth',
  shows: 'what a bid, a look-up and a take-over cost after short and long histories',
  async run({ options, later, say }) {
    const { store: kind, storeSize, size } = options
    const alone = await provideStoreAlone(kind, storeSize)
    later(() => alone.stop())
    const counted = countCalls(await alone.open())
    later(() => counted.store.close())
    const engine = await startEngine(counted.store, 'n1')
    later(() => engine.stop())
    const lots: Lot[] = []
    for (const history of size.histories) {
      say(`grows a history of ${history} bids`)
      lots.push(await grow(engine, history))
    }
    const operations = operationsOf(engine)
    const count = Math.min(samples, Math.max(...size.histories))
    const measures: Measure[] = []
    for (const [what, operation] of Object.entries(operations)) {
      say(`measures: ${what}`)
      const costs = new Map(lots.map((lot) => [lot, [] as Cost[]]))
      for (let sample = 0; sample < count; sample++) {
        for (const lot of lots) {
          const cost = await costOf(counted, () => operation(lot, sample))
          must(costs.get(lot), 'costs').push(cost)
        }
      }
      measures.push(...compare(what, lots, costs))
    }
    for (const lot of lots) measures.push(...(await takeOver(alone, lot)))
    say('reads the journals')
    const complaints: string[] = []
    for (const lot of lots) complaints.push(...(await missingOf(engine, lot)))
    const acceptedCount = sum(lots.map(({ accepted }) => accepted.size))
    return {
      measures,
      counts: { acknowledged: acceptedCount, refused: count * lots.length, unknown: 0 },
      checked: { count: acceptedCount, complaints },
      notes: [`means of ${count} operations for each history; times are medians`],
      nodes: 1,
      versions: { node: process.version, ...(await alone.versions()) },
    }
  },
}

async function grow(engine: RunningEngine, history: number): Promise<Lot> {
  const auctionId = await createAuction(engine)
  const lot: Lot = { auctionId, history, bidCount: 0, accepted: new Map() }
  while (lot.bidCount < history) {
    const length = Math.min(placeAtOnce, history - lot.bidCount)
    await Promise.all(Array.from({ length }, () => accept(engine, lot)))
  }
  return lot
}

function bidOf(lot: Lot, number: number) {
  const bidder = { id: `bidder-${number % 64}`, name: `B${number % 64}` }
  return { auctionId: lot.auctionId, bidId: `growth-${number}`, bidder }
}

async function accept(engine: RunningEngine, lot: Lot): Promise<void> {
  const number = ++lot.bidCount
  const amountMinor = 100_00 + number * 100
  const bid = { ...bidOf(lot, number), amountMinor }
  const outcome = await engine.bidding.place(bid)
  if (outcome.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`)
  lot.accepted.set(outcome.seq, bid)
}

function operationsOf(engine: RunningEngine): Record<string, Operation> {
  return {
    'an accepted bid': (lot) => accept(engine, lot),
    async 'a refused bid'(lot, sample) {
      const bid = { ...bidOf(lot, sample), bidId: `too-low-${sample}`, amountMinor: 100_00 }
      const outcome = await engine.bidding.place(bid)
      if (outcome.outcome !== 'rejected') throw new Error('a low bid was accepted')
    },
    async 'a bid looked up'(lot, sample) {
      const { bidId, bidder } = bidOf(lot, 1 + ((sample * 37) % lot.history))
      const found = await engine.catalogue.bid(lot.auctionId, bidder, bidId)
      if (found.found !== true) throw new Error(`${bidId} is not in the journal`)
    },
  }
}

async function costOf(
  counted: { counts: StoreCounts; reset(): void },
  operation: () => Promise<void>,
): Promise<Cost> {
  counted.reset()
  const startMs = systemClock.monotonicMs()
  await operation()
  const ms = systemClock.monotonicMs() - startMs
  const { reads, freshReads, lists, commits, bytesWritten: bytes } = counted.counts
  return { ms, bytes, storeOps: reads + freshReads + lists + commits }
}

/** Each longer history beside the shortest. */
function compare(
  what: string,
  lots: readonly Lot[],
  costs: ReadonlyMap<Lot, readonly Cost[]>,
): Measure[] {
  const [short, ...longer] = lots
  const of = (lot: Lot) => must(costs.get(lot), 'costs')
  const middleMs = (lot: Lot) =>
    latencyMs([{ latenciesMs: Float64Array.from(of(lot).map(({ ms }) => ms)) }], 0.5)
  const mean = (lot: Lot, pick: (cost: Cost) => number) => sum(of(lot).map(pick)) / of(lot).length
  return longer.flatMap((lot) => {
    const measureOf = (unit: string, value: (of: Lot) => number): Measure => ({
      ...{ what: `${what} after ${lot.history}`, unit, value: value(lot) },
      reference: {
        what: `${unit} after ${must(short, 'history').history}`,
        value: value(must(short, 'history')),
      },
      reach: { atMost: 1.2 },
    })
    const all = [
      measureOf('ms', middleMs),
      measureOf('bytes', (each) => mean(each, ({ bytes }) => bytes)),
      measureOf('store operations', (each) => mean(each, ({ storeOps }) => storeOps)),
    ]
    // Nothing beside nothing is no ratio.
    return all.filter(({ value, reference }) => value > 0 || reference?.value !== 0)
  })
}

/** The first bid of a node that never saw the auction. */
async function takeOver({ openSecond }: StoreAlone, lot: Lot): Promise<Measure[]> {
  if (openSecond === undefined) return []
  const counted = countCalls(await openSecond())
  const engine = await startEngine(counted.store, `after-${lot.history}`)
  try {
    const { ms } = await costOf(counted, () => accept(engine, lot))
    const what = `a take-over after ${lot.history}`
    return [{ what, value: ms, unit: 'ms', reach: { atMost: takeOverMsMax } }]
  } finally {
    await engine.stop()
    await counted.store.close()
  }
}

/** Accepted bids that do not stand where they were told to be. */
async function missingOf(engine: RunningEngine, { auctionId, accepted }: Lot): Promise<string[]> {
  // As far as the bid of the take-over, which another engine wrote.
  await engine.catalogue.get(auctionId, { fresh: true })
  const missing = new Map(accepted)
  for (let after = 0; ;) {
    const page = await engine.catalogue.events(auctionId, { after, limit: pageLimit })
    const { events } = must(page, 'auction')
    if (events.length === 0) break
    for (const { seq, event } of events) {
      const bid = missing.get(seq)
      const isThere =
        event.type === 'BidAccepted' &&
        event.bidId === bid?.bidId &&
        event.amountMinor === bid.amountMinor
      if (isThere) missing.delete(seq)
    }
    after = must(events.at(-1), 'event').seq
  }
  if (missing.size === 0) return []
  const [seq, { bidId }] = must([...missing][0], 'bid')
  return [
    `${missing.size} bids of ${auctionId} are not where they were told, the first ${bidId} at ${seq}`,
  ]
}
