import type { Lines } from './lines.ts'
import type { Report } from './violation.ts'

/** Terms only rise, and each belongs to one node; time in the beacons only goes on. */
export function checkLeaders(lines: Lines, report: Report): void {
  const nodeOfTerm = new Map<string, string>()
  const newestSeenBy = new Map<string, bigint>()
  for (const { seenBy, nodeId, term } of lines.leader) {
    const owner = nodeOfTerm.get(term) ?? nodeId
    nodeOfTerm.set(term, owner)
    if (owner !== nodeId) report('terms-rise', `term ${term} is of ${owner} and of ${nodeId}`)
    const newest = newestSeenBy.get(seenBy) ?? -1n
    if (BigInt(term) < newest) report('terms-rise', `${seenBy} saw term ${term} after ${newest}`)
    else newestSeenBy.set(seenBy, BigInt(term))
  }
  let last: { term: bigint; timeMs: number } | undefined
  for (const { term, timeMs } of lines.beacon) {
    const next = { term: BigInt(term), timeMs }
    if (last !== undefined && next.term < last.term)
      report('terms-rise', `the beacon of term ${next.term} came after one of ${last.term}`)
    if (last !== undefined && next.timeMs < last.timeMs)
      report('terms-rise', `the beacon's time ran back by ${last.timeMs - next.timeMs} ms`)
    last = next
  }
}
