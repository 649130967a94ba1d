import { type HistoryLine, linesOf, type RawBatch } from './history.ts'
import type { Report } from './violation.ts'

/** Who wrote a batch: the node that answered most of its bidders. Undefined for batches whose bidders asked twice. */
export function createWriters(
  history: readonly HistoryLine[],
): (writer: string) => string | undefined {
  const answeredBy = new Map<string, string>()
  for (const { bidId, node, outcome } of linesOf(history, 'answer')) {
    if (node !== undefined && outcome === 'accepted') answeredBy.set(bidId, node)
  }
  const votes = new Map<string, Map<string, number>>()
  for (const { batches } of linesOf(history, 'raw')) {
    for (const { writer, bidIds } of batches) {
      const ofWriter = votes.get(writer) ?? new Map<string, number>()
      votes.set(writer, ofWriter)
      for (const bidId of bidIds) {
        const node = answeredBy.get(bidId)
        if (node !== undefined) ofWriter.set(node, (ofWriter.get(node) ?? 0) + 1)
      }
    }
  }
  return (writer) => {
    const ofWriter = [...(votes.get(writer) ?? [])].sort(([, a], [, b]) => b - a)
    return ofWriter[0]?.[0]
  }
}

/** Between the loss of its lock and its waking, a frozen node's name is on no batch. */
export function checkFrozen(history: readonly HistoryLine[], report: Report): void {
  const nodeOf = createWriters(history)
  const raw = new Map(linesOf(history, 'raw').map((line) => [line.auctionId, line.batches]))
  for (const { node, auctionId, deposedSlot, thawSlot } of linesOf(history, 'frozen')) {
    const isMeanwhile = ({ slot }: RawBatch) => slot > deposedSlot && slot <= thawSlot
    for (const { slot, writer } of (raw.get(auctionId) ?? []).filter(isMeanwhile)) {
      if (nodeOf(writer) === node)
        report(
          'no-write-while-frozen',
          `slot ${slot} was written by ${node}, which slept`,
          auctionId,
        )
    }
  }
}
