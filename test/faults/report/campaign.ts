import type { Recovery } from '../../checker/history.ts'
import { percentile } from '../gaps.ts'
import type { GapResult, RunResult } from '../run-result.ts'
import { msText, shareText, whole } from './words.ts'

/** What many runs on one store showed together. */
export interface StoreTable {
  readonly store: string
  /** "0 violations in 12 rounds, 20,345 bid operations". */
  readonly headline: string
  readonly rows: readonly (readonly [name: string, value: string])[]
}

export interface Campaign {
  readonly tables: readonly StoreTable[]
  /** What a reader must know before quoting a figure: several commits, runs that failed. */
  readonly warnings: readonly string[]
}

/** Figures are of all runs given; a figure that nothing was seen of says so instead of zero. */
export function campaignOf(results: readonly RunResult[]): Campaign {
  const stores = [...new Set(results.map(({ store }) => store))].sort()
  const commits = [...new Set(results.map(({ commit }) => commit))]
  const failed = results.filter(({ passed }) => !passed)
  return {
    tables: stores.map((store) => tableOf(results.filter((result) => result.store === store))),
    warnings: [
      ...(results.length === 0 ? ['no results'] : []),
      ...(commits.length > 1
        ? [
            `results of ${commits.length} commits: ${commits.join(', ')}; no figure is of one program`,
          ]
        : []),
      ...commits
        .filter((commit) => commit.endsWith('+'))
        .map((commit) => `${commit}: files were changed since that commit`),
      ...failed.map(
        ({ store, seed, nemesis, violations, shortcomings }) =>
          `failed: ${nemesis} on ${store}, seed ${seed} (${violations.length} violations${shortcomings.map((text) => `; ${text}`).join('')})`,
      ),
    ],
  }
}

function tableOf(results: readonly RunResult[]): StoreTable {
  const rounds = sum(results, ({ rounds: count }) => count)
  const bids = sum(results, ({ tally }) => tally.bids)
  const violations = sum(results, (result) => result.violations.length)
  const told = violations === 1 ? '1 violation' : `${whole(violations)} violations`
  return {
    store: results[0]?.store ?? '',
    headline: `${told} in ${rounds === 1 ? '1 round' : `${whole(rounds)} rounds`}, ${whole(bids)} bid operations`,
    rows: [
      ['runs', `${whole(results.length)}, ${whole(results.filter((r) => r.passed).length)} passed`],
      ['rounds', whole(rounds)],
      ['nemeses', nemesesText(results)],
      ['bid operations', whole(bids)],
      ['acknowledged', whole(sum(results, ({ tally }) => tally.acknowledged))],
      ['refused', whole(sum(results, ({ tally }) => tally.refused))],
      [
        'unknown at the end',
        `${whole(sum(results, ({ tally }) => tally.unknown))}, of which ${whole(sum(results, ({ tally }) => tally.unknownThatStand))} stand`,
      ],
      ['kills', faultsText(results, 'kill')],
      ['freezes', faultsText(results, 'freeze')],
      ['extensions for an outage', whole(sum(results, ({ tally }) => tally.outageCredits))],
      ['violations', violationsText(results)],
      ['next bid after a holder’s kill -9', spreadText(holderGaps(results))],
      ['the same, store left alone', spreadText(holderGaps(results, isStoreAlone))],
      ...recoveryRows(results),
      ['availability, a kill every 5 s', availabilityText(results)],
      ['skipped', skippedText(results)],
      ['session timeout', distinct(results, (r) => msText(r.sessionTimeoutMs))],
      ['commit', distinct(results, ({ commit }) => commit)],
      ['versions', versionsText(results)],
      ['when', datesText(results)],
    ],
  }
}

/** Rounds in which each was, pairs counted for both. */
function nemesesText(results: readonly RunResult[]): string {
  const played = results.flatMap(({ schedule }) => schedule.flatMap(({ nemeses }) => nemeses))
  return countsText(played)
}

function faultsText(results: readonly RunResult[], kind: GapResult['kind']): string {
  const roles = results.flatMap(({ gaps }) => gaps.filter((gap) => gap.kind === kind))
  return countsText(roles.map(({ role }) => role))
}

function violationsText(results: readonly RunResult[]): string {
  return countsText(
    results.flatMap((result) => result.violations.map(({ rule }) => rule)),
    '0',
  )
}

function holderGaps(
  results: readonly RunResult[],
  mayCount: (result: RunResult, gap: GapResult) => boolean = () => true,
): number[] {
  return results.flatMap((result) =>
    result.gaps
      .filter((gap) => gap.kind === 'kill' && gap.role === 'holder' && mayCount(result, gap))
      .map(({ firstAckMs }) => firstAckMs ?? Infinity),
  )
}

/** Nothing else was done to the store in the round of that gap. */
function isStoreAlone({ schedule }: RunResult, { atMs }: GapResult): boolean {
  const round = schedule.find(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs)
  const hurts = /store|quorum|every5|compaction/
  return round?.nemeses.every((name) => !hurts.test(name)) ?? true
}

function recoveryRows(results: readonly RunResult[]): [string, string][] {
  const recoveries = results.flatMap((result) => result.recoveries)
  const kinds = ['new leader', ...recoveries.map(({ what }) => what)]
  return [...new Set(kinds)].map((what) => {
    const took = recoveries.filter((recovery) => recovery.what === what).map(tookMs)
    return [what === 'new leader' ? 'leader failover' : `recovery: ${what}`, spreadText(took)]
  })
}

const tookMs = ({ tookMs: took }: Recovery) => took ?? Infinity

function availabilityText(results: readonly RunResult[]): string {
  const every5 = results.filter(({ nemesis }) => nemesis.split(',').includes('every5'))
  const counts = every5.map(({ availability }) => availability)
  const all = counts.reduce((total, { bids }) => total + bids, 0)
  const within = [...new Set(counts.map(({ withinMs }) => msText(withinMs)))].join(', ')
  const total = (name: 'inTime' | 'late' | 'putOff' | 'never') =>
    counts.reduce((sofar, count) => sofar + count[name], 0)
  if (all === 0) return 'none seen'
  const rest = `${whole(total('late'))} late, ${whole(total('putOff'))} put off, ${whole(total('never'))} never`
  return `${shareText(total('inTime'), all)} final within ${within}; ${rest}`
}

function skippedText(results: readonly RunResult[]): string {
  const skipped = results.flatMap((result) => result.skipped)
  const texts = skipped.map(({ nemesis, reason }) => `${nemesis}: ${reason}`)
  return texts.length === 0 ? 'nothing' : [...new Set(texts)].join('; ')
}

function versionsText(results: readonly RunResult[]): string {
  return distinct(results, ({ versions }) =>
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  )
}

function datesText(results: readonly RunResult[]): string {
  const dates = results.map(({ date }) => date).sort()
  const [first = '', last = ''] = [dates[0], dates.at(-1)]
  return first === last ? first : `${first} to ${last}`
}

function spreadText(values: readonly number[]): string {
  if (values.length === 0) return 'none seen'
  const [p50, p95, max] = [0.5, 0.95, 1].map((share) => msText(percentile(values, share)))
  return `p50 ${p50}, p95 ${p95}, max ${max} (${whole(values.length)} times)`
}

function countsText(names: readonly string[], none = 'none'): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  const sorted = [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b))
  if (sorted.length === 0) return none
  return `${whole(names.length)} (${sorted.map(([name, count]) => `${name} ${whole(count)}`).join(', ')})`
}

function distinct(results: readonly RunResult[], of: (result: RunResult) => string): string {
  return [...new Set(results.map(of))].join('; ')
}

function sum(results: readonly RunResult[], of: (result: RunResult) => number): number {
  return results.reduce((total, result) => total + of(result), 0)
}
