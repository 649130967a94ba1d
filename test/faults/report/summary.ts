import type { Violation } from '../../checker/violation.ts'
import type { GapResult, RunResult } from '../run-result.ts'
import { percentile } from '../gaps.ts'
import { msText, shareText, whole } from './words.ts'

/** What a page says in words, around the time line. */
export interface PageSummary {
  readonly title: string
  /** Under the title: what made this run. */
  readonly subtitle: string
  readonly passed: boolean
  /** "0 violations in 3 rounds, 8,802 operations". */
  readonly verdict: string
  readonly counts: readonly (readonly [name: string, value: string])[]
  readonly violations: readonly Violation[]
  readonly shortcomings: readonly string[]
  readonly gaps: readonly GapResult[]
  readonly foot: string
}

export function summaryOf(result: RunResult): PageSummary {
  const { tally, store, nemesis, seed, rounds, violations, versions } = result
  const told = violations.length === 1 ? '1 violation' : `${whole(violations.length)} violations`
  const inRounds = rounds === 1 ? '1 round' : `${whole(rounds)} rounds`
  return {
    title: `${nemesis} on ${store}`,
    subtitle: `seed ${seed}, ${result.bidders} bidders, session timeout ${msText(result.sessionTimeoutMs)}`,
    passed: result.passed,
    verdict: `${told} in ${inRounds}, ${whole(tally.bids)} bid operations`,
    counts: [...bidCounts(result), ...faultCounts(result)],
    violations,
    shortcomings: result.shortcomings,
    gaps: result.gaps,
    foot: [
      result.date,
      `commit ${result.commit}`,
      ...Object.entries(versions).map(([name, version]) => `${name} ${version}`),
    ].join(' · '),
  }
}

function bidCounts({ tally, availability }: RunResult): [string, string][] {
  return [
    ['Acknowledged', whole(tally.acknowledged)],
    ['Refused', whole(tally.refused)],
    ['Unknown at the end', `${whole(tally.unknown)}, ${whole(tally.unknownThatStand)} stand`],
    ['Settled by further copies', whole(tally.settled)],
    [
      `Final within ${msText(availability.withinMs)}`,
      shareText(availability.inTime, availability.bids),
    ],
    ['Closes', whole(tally.closes)],
    ['Extensions by soft close', whole(tally.extensions)],
    ['Extensions for an outage', whole(tally.outageCredits)],
    ['Feed updates', `${whole(tally.feedUpdates)}, ${whole(tally.feedJumps)} declared jumps`],
  ]
}

function faultCounts({ tally, gaps }: RunResult): [string, string][] {
  const ofNodes = gaps.filter(({ role }) => !role.startsWith('store'))
  const firstAcks = ofNodes.map(({ firstAckMs }) => firstAckMs ?? Infinity)
  return [
    ['Killed', `${whole(tally.nodeKills)} nodes, ${whole(tally.storeKills)} store servers`],
    ['Frozen', `${whole(tally.freezes)} nodes`],
    ['Leader terms', whole(tally.terms)],
    ['Bids forwarded', whole(tally.forwarded)],
    ['Lock hand-overs', whole(tally.handOvers)],
    ['Lock revocations', whole(tally.revocations)],
    ...(firstAcks.length === 0
      ? []
      : ([
          ['Next bid after a node fault, p95', msText(percentile(firstAcks, 0.95))],
          ['Next bid after a node fault, max', msText(percentile(firstAcks, 1))],
        ] as [string, string][])),
  ]
}
