import type { Busy } from './crew/part.ts'
import {
  batchCount,
  batchedBids,
  type Counters,
  decidedUnderLock,
  growthOf,
  handOvers,
  readCounters,
} from './counters.ts'
import type { BidOrder, BidRun } from './load/bidders.ts'
import { meterCores } from './machine.ts'
import { perSecond, sum } from './pace.ts'
import type { Counts } from './scenario.ts'
import type { Stage } from './stage.ts'

/** One slice of bidding, and what the nodes say of it. */
export interface BiddingSlice extends BidRun {
  readonly underLock: number
  readonly batches: number
  readonly batched: number
  readonly handOvers: number
  readonly nodeCores: number | undefined
  readonly storeCores: number | undefined
  readonly loadBusy: Busy
}

interface BidderCrew {
  readonly busy: Busy
  ask(method: 'bid', order: BidOrder): Promise<BidRun>
}

/** Lets the crew bid, with a look at the nodes' counters before and after. */
export async function bidSlice(
  stage: Stage,
  crew: BidderCrew,
  order: BidOrder,
): Promise<BiddingSlice> {
  const before = await readCounters(stage.nodes)
  const nodeCores = meterCores(stage.nodes.flatMap(({ pid }) => pid ?? []))
  const storeCores = meterCores(stage.storePids)
  const run = await crew.ask('bid', order)
  const used = { nodeCores: nodeCores(), storeCores: storeCores() }
  const after = await readCounters(stage.nodes)
  return { ...run, ...used, ...told(before, after), loadBusy: crew.busy }
}

function told(before: Counters, after: Counters) {
  return {
    underLock: growthOf(decidedUnderLock, before, after),
    batches: growthOf(batchCount, before, after),
    batched: growthOf(batchedBids, before, after),
    handOvers: growthOf(handOvers, before, after),
  }
}

/** Bids decided under the lock, per second. */
export function decidedPerSecond(slices: readonly BiddingSlice[]): number {
  return perSecond(slices.map(({ underLock: count, tookMs }) => ({ count, tookMs })))
}

export function acceptedShare(slices: readonly BiddingSlice[]): number {
  return sum(slices.map(({ accepted }) => accepted)) / sum(slices.map(({ count }) => count))
}

export function countsOf(slices: readonly BidRun[]): Counts {
  return {
    acknowledged: sum(slices.map(({ accepted }) => accepted)),
    refused: sum(slices.map(({ refused }) => sum(Object.values(refused)))),
    unknown: sum(slices.map(({ unknown }) => unknown)),
  }
}

export function meanBatch(slices: readonly BiddingSlice[]): number {
  return sum(slices.map(({ batched }) => batched)) / sum(slices.map(({ batches }) => batches))
}

/** Of the last slice: they differ little. */
export function coresOf(slices: readonly BiddingSlice[]): Record<string, number | undefined> {
  const last = slices.at(-1)
  return { nodes: last?.nodeCores, store: last?.storeCores }
}

/** Refusals by code, for a note; undefined when there were none. */
export function refusalNote(slices: readonly BidRun[]): string | undefined {
  const byCode: Record<string, number> = {}
  for (const { refused } of slices) {
    for (const [code, count] of Object.entries(refused)) byCode[code] = (byCode[code] ?? 0) + count
  }
  const words = Object.entries(byCode).map(([code, count]) => `${count} ${code}`)
  return words.length === 0 ? undefined : `refused: ${words.join(', ')}`
}
