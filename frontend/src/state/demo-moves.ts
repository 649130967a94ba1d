import type { DemoFactJson } from '../../../src/protocol/demo.ts'
import type { FramedReport } from './framed-report.ts'

/** A page of the demo that went from one node to another by itself. */
export interface DemoMove {
  readonly from: string
  readonly to: string
  readonly atMs: number
  /** Where it went on in the journal, once the new node has confirmed it. */
  readonly seq: number | undefined
}

const movesMax = 40

/** The moves so far of one page, with what its newest report adds. @param before its report before that, of the same page */
export function withReport(
  moves: readonly DemoMove[],
  before: FramedReport | undefined,
  report: FramedReport,
  atMs: number,
): readonly DemoMove[] {
  const [from, to] = [before?.nodeId, report.nodeId]
  const last = moves.at(-1)
  if (from !== undefined && to !== undefined && from !== to) {
    return [...moves, { from, to, atMs, seq: report.resumedSeq }].slice(-movesMax)
  }
  const isConfirmed = last?.to === to && last?.seq === undefined && report.resumedSeq !== undefined
  if (last === undefined || !isConfirmed) return moves
  return [...moves.slice(0, -1), { ...last, seq: report.resumedSeq }]
}

/** The moves that this fact caused: from its node, after it, and before anything else was done to that node. */
export function movesAfter(
  fact: DemoFactJson,
  facts: readonly DemoFactJson[],
  moves: readonly DemoMove[],
): readonly DemoMove[] {
  const next = facts.find(({ id, nodeId }) => id > fact.id && nodeId === fact.nodeId)
  const untilMs = next === undefined ? Number.POSITIVE_INFINITY : Date.parse(next.at)
  const sinceMs = Date.parse(fact.at)
  const isHers = ({ from, atMs }: DemoMove) =>
    from === fact.nodeId && atMs >= sinceMs - clockSlackMs && atMs < untilMs
  return moves.filter(isHers)
}

/** A page may notice a death before the demo has written it down. */
const clockSlackMs = 1_000
