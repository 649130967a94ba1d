import { timeUntil } from '../../faults/wait.ts'
import type { NodeView } from './node-view.ts'

/** What callers hold in a node while they are there, and must not hold afterwards. */
export interface Footprint {
  readonly descriptors: number
  readonly sockets: number
  readonly watches: number
  readonly ephemerals: number
}

export type Held = keyof Footprint

/** Connections of this process that come and go, and what a node opens lazily (a log, a store's second socket). */
const slack: Footprint = { descriptors: 6, sockets: 0, watches: 2, ephemerals: 0 }

/** Undefined when the node does not answer. */
export async function footprintOf(view: NodeView): Promise<Footprint | undefined> {
  const metrics = await view.metrics()
  const descriptors = view.descriptors()
  if (metrics === undefined || descriptors === undefined) return undefined
  return {
    descriptors,
    sockets: metrics('ws_connections'),
    watches: metrics('watches'),
    ephemerals: metrics('ephemerals'),
  }
}

const steadyMs = 1_000
const settledWithinMs = 10_000

/** Resolves when a node that has just started opened all that it opens for itself: who leads watches more than others. */
export async function settled(view: NodeView): Promise<void> {
  await view.warm()
  let last = ''
  let sinceMs = performance.now()
  await timeUntil(
    async () => {
      const metrics = await view.metrics()
      const seen = JSON.stringify([metrics?.('watches'), metrics?.('ephemerals')])
      if (seen !== last) sinceMs = performance.now()
      last = seen
      return performance.now() - sinceMs > steadyMs
    },
    { withinMs: settledWithinMs, everyMs: 100 },
  )
}

/** @returns what is still held after the time, in plain words; nothing when all came back to what it was */
export async function leftOver(
  view: NodeView,
  before: Footprint,
  options: { withinMs: number; of?: readonly Held[] },
): Promise<string[]> {
  const { withinMs, of = ['descriptors', 'sockets', 'watches', 'ephemerals'] } = options
  let now: Footprint | undefined
  const above = () =>
    of.filter((held) => now === undefined || now[held] > before[held] + slack[held])
  await timeUntil(
    async () => {
      now = await footprintOf(view)
      return above().length === 0
    },
    { withinMs, everyMs: 200 },
  )
  if (now === undefined) return [`the node tells nothing of itself ${withinMs} ms afterwards`]
  const seen = now
  return above().map(
    (held) => `${held}: ${before[held]} before, ${seen[held]} still ${withinMs} ms afterwards`,
  )
}
