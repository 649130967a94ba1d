import type { EventJson } from '../../../src/protocol/event.ts'

/** Events that a page keeps of one auction; older ones stay in the journal. */
export const historyMax = 1_000

/** Both together in the order of the journal, each event once, the newest `historyMax` of them. */
export function mergeHistory(
  known: readonly EventJson[],
  more: readonly EventJson[],
): readonly EventJson[] {
  if (more.length === 0) return known
  const lastSeq = known.at(-1)?.seq ?? 0
  const isInOrder = more.every((event, index) => event.seq === (more[0]?.seq ?? 0) + index)
  if (isInOrder && more[0] !== undefined && more[0].seq === lastSeq + 1) {
    return [...known, ...more].slice(-historyMax)
  }
  const bySeq = new Map([...known, ...more].map((event) => [event.seq, event]))
  return [...bySeq.values()].sort((a, b) => a.seq - b.seq).slice(-historyMax)
}

export interface Gap {
  /** The seq before the first event that we lack. */
  readonly after: number
  readonly count: number
}

/** The newest run of events that a page lacks of those that it would keep, given the journal's newest seq. */
export function newestGap(known: readonly EventJson[], seq: number): Gap | undefined {
  const oldestKept = Math.max(1, seq - historyMax + 1)
  let expected = seq
  for (let index = known.length - 1; index >= 0; index--) {
    const at = known[index]?.seq ?? 0
    if (at < expected) return { after: Math.max(at, oldestKept - 1), count: expected - at }
    expected = at - 1
  }
  if (expected < oldestKept) return undefined
  return { after: oldestKept - 1, count: expected - oldestKept + 1 }
}
