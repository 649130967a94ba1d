import type { Violation } from '../checker/violation.ts'
import { type Gap, gapsOf, percentile } from './gaps.ts'
import { type HistoryLine, linesOf, type Recovery } from '../checker/history.ts'
import type { RunOptions } from './options.ts'
import type { Bound, Scenario } from './scenarios/scenario.ts'
import { type Tally, tallyOf } from './tally.ts'

/** The judgement of one run. Not passed with any violation, any bound exceeded, or nothing seen of what it was for. */
export interface Verdict {
  readonly passed: boolean
  readonly violations: readonly Violation[]
  /** Too slow, or not seen at all. */
  readonly shortcomings: readonly string[]
  readonly tally: Tally
  readonly gaps: readonly Gap[]
  readonly recoveries: readonly Recovery[]
  /** Of the first acknowledgement after each kill or freeze of a node. */
  readonly gapP95Ms: number | undefined
  readonly gapMaxMs: number | undefined
  /** How late closes were, after the end in force, in cluster time. */
  readonly latestCloseMs: number | undefined
  readonly secondsOfBidding: number
}

export function judge(
  history: readonly HistoryLine[],
  violations: readonly Violation[],
  context: {
    hotId: string
    scenario: Scenario
    options: RunOptions
    metrics: { total(name: string): number }
  },
): Verdict {
  const { scenario, options } = context
  const tally = tallyOf(history, context.metrics)
  const gaps = gapsOf(history, context.hotId)
  const recoveries = linesOf(history, 'recovery')
  const ofNodes = gaps.filter(({ fault }) => !fault.role.startsWith('store-'))
  const firstAcks = ofNodes.map(({ firstAckMs }) => firstAckMs ?? Infinity)
  const gapP95Ms = percentile(firstAcks, 0.95)
  const shortcomings = [
    ...scenario.mustSee.filter((name) => tally[name] === 0).map((name) => `saw no ${name}`),
    ...gaps.filter(({ firstAckMs }) => firstAckMs === undefined).map(neverAgain),
    ...scenario.bounds.flatMap((bound) => exceeding(bound, options, recoveries, gapP95Ms)),
  ]
  const answers = linesOf(history, 'answer')
  return {
    passed: violations.length === 0 && shortcomings.length === 0,
    violations,
    shortcomings,
    tally,
    gaps,
    recoveries,
    gapP95Ms,
    gapMaxMs: percentile(firstAcks, 1),
    latestCloseMs: latestClose(history),
    secondsOfBidding: ((answers.at(-1)?.atMs ?? 0) - (answers[0]?.atMs ?? 0)) / 1_000,
  }
}

function exceeding(
  { what, maxMs }: Bound,
  options: RunOptions,
  recoveries: readonly Recovery[],
  gapP95Ms: number | undefined,
): string[] {
  const limitMs = maxMs(options)
  if (what === 'gap p95') {
    const isOver = gapP95Ms === undefined || gapP95Ms > limitMs
    return isOver ? [`gap p95 is ${ms(gapP95Ms)}, should be at most ${limitMs} ms`] : []
  }
  return recoveries
    .filter((recovery) => recovery.what === what && (recovery.tookMs ?? Infinity) > limitMs)
    .map(
      ({ target, tookMs }) =>
        `${target}: ${what} after ${ms(tookMs)}, should be at most ${limitMs} ms`,
    )
}

function neverAgain({ fault }: Gap): string {
  return `no bid on the hot auction was acknowledged after the ${fault.kind} of ${fault.target}`
}

function latestClose(history: readonly HistoryLine[]): number | undefined {
  const views = new Map(linesOf(history, 'view').map((view) => [view.auctionId, view]))
  const lateMs = linesOf(history, 'journal').flatMap(({ auctionId, events }) => {
    const closed = events.find(({ type }) => type === 'AuctionClosed')
    const view = views.get(auctionId)
    if (closed === undefined || view === undefined) return []
    return [Date.parse(closed.at) - Date.parse(view.endsAt)]
  })
  return percentile(lateMs, 1)
}

export function ms(value: number | undefined): string {
  return value === undefined || value === Infinity ? 'never' : `${Math.round(value)} ms`
}
