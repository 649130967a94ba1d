import { type Fault, type FaultKind, type HistoryLine, linesOf } from '../../checker/history.ts'
import { type Lane, type Mark, secondsText, type Span } from './lane.ts'

const rowPx = 20
/** What ends which kinds; the rest ends with a `heal`. */
const endings: Partial<Record<FaultKind, readonly FaultKind[]>> = {
  restart: ['kill', 'terminate'],
  thaw: ['freeze'],
}
/** Over as soon as they are done. */
const atOnce: readonly FaultKind[] = ['expire-session', 'compact']
const endingKinds: readonly FaultKind[] = ['restart', 'thaw', 'heal']

export function faultLane(history: readonly HistoryLine[], span: Span): Lane {
  const faults = linesOf(history, 'fault')
  const targets = [...new Set(faults.map(({ target }) => target))].sort()
  return {
    name: 'Faults',
    note: 'One row for each target, from the fault to its restart, thaw or heal. A pin is over at once, or nothing tells when it ended.',
    rows: targets.map((target) => ({
      label: target,
      heightPx: rowPx,
      marks: marksOf(
        faults.filter((fault) => fault.target === target),
        span,
      ),
    })),
  }
}

function marksOf(faults: readonly Fault[], span: Span): Mark[] {
  return faults
    .filter(({ kind }) => !endingKinds.includes(kind))
    .map((fault) => {
      const { kind, role, target, atMs } = fault
      const end = atOnce.includes(kind)
        ? undefined
        : faults.find((later) => later.atMs > atMs && doesEnd(later.kind, kind))
      const colour = role.startsWith('store') ? 'store-fault' : 'fault'
      const what = `${kind} ${target}${role === 'node' || role === 'store' ? '' : ` (${role})`} at ${secondsText(atMs, span)}`
      if (end === undefined) return { shape: 'pin', atMs, colour, title: what, text: kind }
      const title = `${what}, ${end.kind} after ${Math.round(end.atMs - atMs)} ms`
      return { shape: 'bar', fromMs: atMs, toMs: end.atMs, colour, title, text: kind }
    })
}

function doesEnd(ending: FaultKind, kind: FaultKind): boolean {
  const ended = endings[ending]
  if (ended !== undefined) return ended.includes(kind)
  return ending === 'heal'
}
