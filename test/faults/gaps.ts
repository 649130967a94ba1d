import { type Fault, type HistoryLine, linesOf } from '../checker/history.ts'

/** How long nobody's bid on the hot auction was acknowledged because of one fault. */
export interface Gap {
  readonly fault: Fault
  /** From the fault to the first acknowledgement of a bid that was committed after it; undefined when none came. */
  readonly firstAckMs: number | undefined
  /** The longest time without any acknowledgement that the fault falls into or that began up to `aroundMs` after it. */
  readonly silenceMs: number | undefined
}

const aroundMs = 5_000

export function gapsOf(history: readonly HistoryLine[], hotId: string): Gap[] {
  const acknowledged = linesOf(history, 'answer')
    .filter((line) => line.outcome === 'accepted' && line.auctionId === hotId)
    .sort((a, b) => a.atMs - b.atMs)
  const faults = linesOf(history, 'fault').filter(
    ({ kind }) => kind === 'kill' || kind === 'freeze',
  )
  return faults.map((fault) => {
    const first = acknowledged.find(({ atMs, seq = 0 }) => atMs > fault.atMs && seq > fault.hotSeq)
    let silenceMs: number | undefined
    let before = fault.atMs
    for (const { atMs } of acknowledged) {
      if (atMs <= fault.atMs) before = atMs
      else {
        if (before <= fault.atMs + aroundMs) silenceMs = Math.max(silenceMs ?? 0, atMs - before)
        before = atMs
      }
    }
    const firstAckMs = first === undefined ? undefined : first.atMs - fault.atMs
    return { fault, firstAckMs, silenceMs }
  })
}

/** The smallest value that at least `share` of the values do not exceed. */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)]
}
