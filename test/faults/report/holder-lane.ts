import { createWriters } from '../../checker/frozen-rules.ts'
import { type HistoryLine, linesOf, type RawBatch } from '../../checker/history.ts'
import { intoBuckets, type Lane, type Mark, type Span } from './lane.ts'
import { colourOfNode } from './node-colour.ts'

const rowPx = 16
const faintest = 0.3

/** Who wrote to the hot auction: a batch is put where the first of its bids was acknowledged. */
export function holderLane(history: readonly HistoryLine[], span: Span): Lane {
  const nodeOf = createWriters(history)
  const acknowledgedMs = new Map<string, number>()
  for (const { outcome, bidId, atMs } of linesOf(history, 'answer')) {
    if (outcome === 'accepted' && !acknowledgedMs.has(bidId)) acknowledgedMs.set(bidId, atMs)
  }
  const writers = new Map<string, string | undefined>()
  const byNode = new Map<string, number[]>()
  for (const batch of linesOf(history, 'raw').flatMap(({ batches }) => batches)) {
    const atMs = placeOf(batch, acknowledgedMs)
    if (!writers.has(batch.writer)) writers.set(batch.writer, nodeOf(batch.writer))
    const node = writers.get(batch.writer)
    if (atMs === undefined || node === undefined) continue
    const places = byNode.get(node) ?? []
    byNode.set(node, places)
    places.push(atMs)
  }
  const nodes = [...byNode.keys()].sort()
  const buckets = nodes.map((node) => intoBuckets(byNode.get(node) ?? [], (atMs) => atMs, span))
  const most = Math.max(1, ...buckets.flat().map(({ items }) => items.length))
  return {
    name: 'Lock holders',
    note: 'Which node wrote the hot auction’s batches. The stronger, the more of them.',
    rows: nodes.map((node, index) => ({
      label: node,
      heightPx: rowPx,
      marks: (buckets[index] ?? []).map(({ fromMs, toMs, items }): Mark => ({
        ...{ shape: 'bar', fromMs, toMs, colour: colourOfNode(node) },
        strength: faintest + ((1 - faintest) * items.length) / most,
        title: `${node}: ${items.length} batches`,
      })),
    })),
  }
}

function placeOf({ bidIds }: RawBatch, acknowledgedMs: Map<string, number>): number | undefined {
  let first: number | undefined
  for (const bidId of bidIds) {
    const atMs = acknowledgedMs.get(bidId)
    if (atMs !== undefined) first = Math.min(first ?? Infinity, atMs)
  }
  return first
}
