import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import type { BackendKind } from '../support/backends.ts'
import type { Fault, Recovery } from '../checker/history.ts'
import type { Violation } from '../checker/violation.ts'
import type { Tally } from './tally.ts'

/** One finished run of a campaign: one JSON object on one line of the campaign's file. */
export interface RunResult {
  readonly store: BackendKind
  readonly seed: number
  /** As it was asked for: names in alphabetical order with commas between, or `all`. */
  readonly nemesis: string
  readonly rounds: number
  /** What happened in each round, and when, on the history's clock. */
  readonly schedule: readonly PlayedRound[]
  /** Nemeses that could not be had on this machine, with the reason. */
  readonly skipped: readonly { readonly nemesis: string; readonly reason: string }[]
  readonly passed: boolean
  readonly violations: readonly Violation[]
  /** Too slow, or not seen at all. */
  readonly shortcomings: readonly string[]
  readonly tally: Tally
  /** Of each kill and freeze. */
  readonly gaps: readonly GapResult[]
  readonly recoveries: readonly Recovery[]
  readonly availability: AvailabilityCount
  readonly secondsOfBidding: number
  readonly bidders: number
  readonly sessionTimeoutMs: number
  /** Of the work tree; `+` at its end when files were changed since. */
  readonly commit: string
  readonly versions: Readonly<Record<string, string>>
  /** When it ended, ISO 8601 in UTC. */
  readonly date: string
  /** Logs and `history.jsonl`; absent when they were removed. */
  readonly folder?: string
}

export interface PlayedRound {
  readonly nemeses: readonly string[]
  readonly fromMs: number
  /** All was healed. */
  readonly healedMs: number
  /** Bidding went on and the nodes agreed. */
  readonly toMs: number
}

export interface GapResult {
  readonly kind: Fault['kind']
  readonly role: Fault['role']
  readonly target: string
  readonly atMs: number
  /** From the fault to the first acknowledgement of a bid committed after it; absent when none came. */
  readonly firstAckMs?: number
  readonly silenceMs?: number
}

/** Of the bids first sent, how many learned their final outcome in time. */
export interface AvailabilityCount {
  readonly bids: number
  readonly inTime: number
  readonly withinMs: number
  /** The others: settled later, told that nobody can serve them now, never settled. */
  readonly late: number
  readonly putOff: number
  readonly never: number
}

export function readResults(file: string): RunResult[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  // A line that was being written when the machine went down is a run that broke off.
  return lines.flatMap((line) => (line.endsWith('}') ? [JSON.parse(line) as RunResult] : []))
}

export function addResult(file: string, result: RunResult): void {
  const isTorn = existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8'))
  appendFileSync(file, `${isTorn ? '\n' : ''}${JSON.stringify(result)}\n`)
}

/** Whether this very run is among them: at the same commit, whatever its verdict. */
export function isDone(
  results: readonly RunResult[],
  run: Pick<RunResult, 'store' | 'seed' | 'nemesis' | 'rounds' | 'commit'>,
): boolean {
  return results.some(
    ({ store, seed, nemesis, rounds, commit }) =>
      store === run.store &&
      seed === run.seed &&
      nemesis === run.nemesis &&
      rounds === run.rounds &&
      commit === run.commit,
  )
}
