import type { FaultKind, FaultRole, HistoryLine, Meta } from '../checker/history.ts'
import type { SimTime } from './sim-time.ts'

/** What one simulated world saw. */
export interface History {
  readonly lines: readonly HistoryLine[]
  /** Things that should never happen, whatever the faults: errors of the program itself. */
  readonly defects: readonly string[]
  add(line: HistoryLine): void
  /** The first line, known only at the end. */
  begin(meta: Meta): void
  fault(fault: { kind: FaultKind; role: FaultRole; target: string; detail?: string }): void
  defect(text: string): void
  /** To the microsecond, as in the histories of real runs. */
  now(): number
}

export function createHistory(time: SimTime, tell: (text: string) => void): History {
  const lines: HistoryLine[] = []
  const defects: string[] = []
  const now = () => Math.round(time.nowMs * 1_000) / 1_000
  return {
    lines,
    defects,
    now,
    add: (line) => lines.push(line),
    begin: (meta) => lines.unshift(meta),
    fault({ detail, ...fault }) {
      lines.push({ t: 'fault', atMs: now(), hotSeq: 0, ...fault })
      tell(
        `${fault.kind} ${fault.target} (${fault.role})${detail === undefined ? '' : `: ${detail}`}`,
      )
    },
    defect: (text) => defects.push(text),
  }
}
