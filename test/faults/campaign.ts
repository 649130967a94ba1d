import { join } from 'node:path'
import { availability, availableWithinMs } from '../checker/availability.ts'
import type { HistoryLine } from '../checker/history.ts'
import type { RunOptions, ToDo } from './options.ts'
import { type Played, play } from './play.ts'
import { writeReport } from './report/write-report.ts'
import {
  addResult,
  type AvailabilityCount,
  isDone,
  readResults,
  type RunResult,
} from './run-result.ts'
import { commitOf } from './versions.ts'
import { verdictText } from './verdict-text.ts'

export interface Campaign {
  /** Of the runs that were made now. */
  readonly results: readonly RunResult[]
  /** Runs that came to no verdict. */
  readonly brokenOff: number
}

/** Runs with seeds that follow each other; what the file of results holds already is not run again. */
export async function runCampaign(
  { options, runs, resume }: ToDo,
  say: (progress: string) => void,
): Promise<Campaign> {
  const results: RunResult[] = []
  let brokenOff = 0
  for (let index = 0; index < runs; index++) {
    const seed = options.seed + index
    const commit = commitOf()
    const folder = options.folder === undefined ? undefined : join(options.folder, `seed-${seed}`)
    const ofRun = { ...options, seed, folder }
    if (resume !== undefined && isThere(resume, ofRun, commit)) {
      say(`seed ${seed} was run at this commit already`)
      continue
    }
    say(`run ${index + 1} of ${runs}: seed ${seed}`)
    try {
      const result = await runOnce(ofRun, commit, say)
      if (resume !== undefined) addResult(resume, result)
      results.push(result)
    } catch (error) {
      brokenOff++
      say(`seed ${seed} broke off: ${error instanceof Error ? (error.stack ?? '') : String(error)}`)
    }
  }
  return { results, brokenOff }
}

function isThere(file: string, options: RunOptions, commit: string): boolean {
  // What was changed since the commit may have been changed since the result, too.
  if (commit.endsWith('+')) return false
  const { store, seed, rounds = 1 } = options
  return isDone(readResults(file), { store, seed, rounds, commit, nemesis: namesOf(options) })
}

async function runOnce(
  options: RunOptions,
  commit: string,
  say: (progress: string) => void,
): Promise<RunResult> {
  const played = await play(options, say)
  const result = resultOf(options, played, commit)
  if (!options.json) console.log(verdictText(played.verdict, options))
  const { bids, inTime } = result.availability
  say(`${inTime} of ${bids} bids were settled in time`)
  if (played.folder !== undefined) {
    say(`logs and history: ${played.folder}`)
    say(`time line: ${writeReport(played.folder, played.history, result)}`)
  }
  return result
}

function namesOf({ nemesis }: RunOptions): string {
  if (nemesis === undefined || nemesis === 'all') return nemesis ?? ''
  return [...nemesis].sort().join(',')
}

function resultOf(options: RunOptions, played: Played, commit: string): RunResult {
  const { verdict, folder } = played
  const { passed, violations, shortcomings, tally, recoveries, secondsOfBidding } = verdict
  const gaps = verdict.gaps.map(
    ({ fault: { kind, role, target, atMs }, firstAckMs, silenceMs }) => ({
      ...{ kind, role, target, atMs },
      ...(firstAckMs === undefined ? {} : { firstAckMs }),
      ...(silenceMs === undefined ? {} : { silenceMs }),
    }),
  )
  return {
    store: options.store,
    seed: options.seed,
    nemesis: namesOf(options),
    rounds: options.rounds ?? 1,
    schedule: played.rounds,
    skipped: played.skipped,
    ...{ passed, violations, shortcomings, tally, gaps, recoveries },
    availability: availabilityCount(played.history),
    secondsOfBidding,
    bidders: options.bidders,
    sessionTimeoutMs: options.sessionTimeoutMs,
    commit,
    versions: played.versions,
    date: new Date().toISOString(),
    ...(folder === undefined ? {} : { folder }),
  }
}

function availabilityCount(history: readonly HistoryLine[]): AvailabilityCount {
  const { bidCount, inTimeCount, lateCount, putOffCount, neverCount } = availability(history)
  return {
    ...{ bids: bidCount, inTime: inTimeCount, withinMs: availableWithinMs },
    ...{ late: lateCount, putOff: putOffCount, never: neverCount },
  }
}
