import type { RecoveryKind } from '../../checker/history.ts'
import type { Run } from '../run.ts'
import type { CountName } from '../tally.ts'

export interface Scenario {
  readonly rounds: number
  /** How long the faults take, roughly: the quiet auctions end within it. */
  spanMs(options: { rounds: number; sessionTimeoutMs: number }): number
  play(run: Run, rounds: number): Promise<void>
  /** A run in which one of these is zero has shown nothing. */
  readonly mustSee: readonly CountName[]
  /** Longest that may take. */
  readonly bounds: readonly Bound[]
}

export interface Bound {
  readonly what: RecoveryKind | 'gap p95'
  maxMs: (options: { sessionTimeoutMs: number }) => number
}

/** Seen in every run. */
export const always = ['acknowledged', 'forwarded', 'extensions', 'closes', 'terms'] as const
