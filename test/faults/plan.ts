import type { RunOptions } from './options.ts'
import { roundsScenario } from './rounds.ts'
import type { PlayedRound } from './run-result.ts'
import { scenarios } from './scenarios/all.ts'
import type { Scenario } from './scenarios/scenario.ts'
import { type Schedule, scheduleOf } from './schedule.ts'

export interface Plan {
  readonly scenario: Scenario
  readonly rounds: number
  /** Empty for a scenario. */
  readonly schedule: Schedule
  /** The rounds of nemeses, as they are over. */
  readonly played: PlayedRound[]
}

export function planOf(options: RunOptions): Plan {
  const played: PlayedRound[] = []
  if (options.nemesis === undefined) {
    const scenario = scenarios[options.scenario]
    const rounds = options.rounds ?? scenario.rounds
    return { scenario, rounds, schedule: { rounds: [], skipped: [] }, played }
  }
  const { store, seed, rounds = 1 } = options
  const schedule = scheduleOf({ store, names: options.nemesis, rounds, seed })
  return { scenario: roundsScenario(schedule, played), rounds, schedule, played }
}
