import type { StageNode } from './stage.ts'

/** What nodes counted, by the full name of the sample: `lotkeeper_bid_seconds_count{stage="queue"}`. */
export type Counters = ReadonlyMap<string, number>

const askWithinMs = 5_000

/** Of all given nodes together. */
export async function readCounters(nodes: readonly StageNode[]): Promise<Counters> {
  return addUp((await Promise.all(nodes.map(readText))).map(parse))
}

export function addUp(all: readonly Counters[]): Counters {
  const sums = new Map<string, number>()
  for (const [name, value] of all.flatMap((each) => [...each])) {
    sums.set(name, (sums.get(name) ?? 0) + value)
  }
  return sums
}

function parse(text: string): Counters {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    const at = line.lastIndexOf(' ')
    if (!line.startsWith('#') && at > 0) samples.set(line.slice(0, at), Number(line.slice(at + 1)))
  }
  return samples
}

export function growthOf(name: string, before: Counters, after: Counters): number {
  return (after.get(name) ?? 0) - (before.get(name) ?? 0)
}

/** Bids that were taken in hand under the lock; those that a node refuses from its copy never are. */
export const decidedUnderLock = 'lotkeeper_bid_seconds_count{stage="queue"}'
export const batchCount = 'lotkeeper_batch_size_count'
export const batchedBids = 'lotkeeper_batch_size_sum'
export const handOvers = 'lotkeeper_lock_handovers_total'

async function readText({ url }: StageNode): Promise<string> {
  const response = await fetch(`${url}/metrics`, { signal: AbortSignal.timeout(askWithinMs) })
  return response.text()
}
