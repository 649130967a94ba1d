import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { check } from '../../checker/checker.ts'
import type { Violation } from '../../checker/violation.ts'
import { historyPage } from '../report/page.ts'
import type { PageSummary } from '../report/summary.ts'
import { readFinale } from '../finale.ts'
import { changeLeader } from './leader-change.ts'
import { loseQuorumOverEnds, type QuorumLostPlan } from './quorum-lost.ts'
import { saleOf, type Scene } from './scene.ts'
import { type OutageOptions, withStage } from './stage.ts'

export interface OutagePlayed {
  readonly scenes: readonly Scene[]
  readonly violations: readonly Violation[]
}

/** So many that the first credit is seen before the last is given. */
const lotsOfKilledLeader = 40

/**
 * Three scenes on one cluster: a change of leader on a healthy store, the quorum lost by kill -9, the quorum lost by freezing
 * with the leader killed while it gives time back. Then the checker judges the whole history.
 */
export async function playOutage(
  options: OutageOptions,
  say: (progress: string) => void,
  hooks: Pick<QuorumLostPlan, 'beforehand' | 'whilePaused'> = {},
): Promise<OutagePlayed> {
  return withStage(options, say, async (stage) => {
    const { recorder } = stage
    const change = await changeLeader(stage)
    say(sceneText(change))
    const kill = await loseQuorumOverEnds(stage, {
      ...{ how: 'kill', lotCount: 3, isLeaderKilled: false },
      ...hooks,
    })
    say(sceneText(kill))
    const freeze = await loseQuorumOverEnds(stage, {
      ...{ how: 'freeze', lotCount: lotsOfKilledLeader },
      ...{ isLeaderKilled: true },
    })
    say(sceneText(freeze))
    const sale = saleOf([kill, freeze, change].flatMap((scene) => scene.lots))
    await readFinale({ ...stage, sale, watchers: kill.watchers })
    say('checks')
    const played = { scenes: [change, kill, freeze], violations: check(recorder.lines) }
    const page = historyPage(recorder.lines, summaryOf(options, played))
    writeFileSync(join(options.folder, 'page.html'), page)
    return played
  })
}

function summaryOf(options: OutageOptions, { scenes, violations }: OutagePlayed): PageSummary {
  const { store, outageMs, sessionTimeoutMs } = options
  const complaints = scenes.flatMap((scene) => scene.complaints)
  return {
    title: `Quorum lost on ${store}`,
    subtitle: `for ${outageMs} ms, twice; session timeout ${sessionTimeoutMs} ms`,
    passed: violations.length + complaints.length === 0,
    verdict: `${violations.length} violations in ${scenes.length} scenes`,
    counts: scenes.flatMap(({ figures }, index) =>
      Object.entries(figures).map(
        ([what, value]) => [`${index + 1}: ${what}`, String(value)] as const,
      ),
    ),
    violations,
    shortcomings: complaints,
    gaps: [],
    foot: scenes.map(({ name }, index) => `${index + 1}: ${name}`).join(' · '),
  }
}

export function violationsText(violations: readonly Violation[]): string {
  const told = violations.map(
    ({ rule, detail, auctionId = '' }) => `VIOLATION ${rule} ${auctionId}: ${detail}\n`,
  )
  return `${told.join('')}${violations.length} violations`
}

function sceneText({ name, figures, complaints }: Scene): string {
  return [
    name,
    ...Object.entries(figures).map(([what, value]) => `    ${what.padEnd(44)}${value}`),
    ...complaints.map((text) => `    COMPLAINT ${text}`),
  ].join('\n')
}
