import type { Parts } from './crew/parts.ts'
import type { Busy } from './crew/part.ts'
import type { startRemote } from './crew/remote.ts'
import type { Checked } from './journal-check.ts'
import type { BenchOptions } from './options.ts'
import type { Moment, Stage } from './stage.ts'

/** One thing that is measured, with what it is measured against in the same run. */
export interface Scenario {
  readonly name: ScenarioName
  /** For people: what is done. */
  readonly shows: string
  /** Whether it can be run on this store. */
  readonly needs?: (options: BenchOptions) => string | undefined
  run(bench: Bench): Promise<Told>
}

export const scenarioNames = [
  'hot',
  'latency',
  'saturation',
  'contention',
  'many',
  'fan-out',
  'growth',
  'closings',
  'idle',
  'failover',
] as const
export type ScenarioName = (typeof scenarioNames)[number]

type OptionsOf<Name extends keyof Parts> = Parameters<Parts[Name]>[0]
type RemoteOf<Name extends keyof Parts> = Awaited<ReturnType<typeof startRemote<Name>>>

/** What a scenario works with; all that it opens is closed behind it. */
export interface Bench {
  readonly options: BenchOptions
  /** Of this scenario alone. */
  readonly folder: string
  readonly say: (progress: string) => void
  /** Of as many nodes as were asked for, and of the given program, where nothing else is said. */
  stage(over?: { nodeCount?: number; program?: string }): Promise<Stage>
  /** A process that plays this part. */
  crew<Name extends keyof Parts>(part: Name, options: OptionsOf<Name>): Promise<RemoteOf<Name>>
  /**
   * Where heaps are asked for, every node writes its own: at the start of what is measured. At the end of the scenario that is done
   * by itself, for stages of which it was not done before. Each moment of each stage is seen once.
   */
  seeHeaps(moment: Moment): Promise<void>
  /** To be done when the scenario is over, before all that was asked for earlier. */
  readonly later: (undo: () => unknown) => void
}

/** What came out. */
export interface Told {
  readonly measures: readonly Measure[]
  readonly counts: Counts
  readonly checked: Checked
  /** Load generators by name, and how busy they were while they were measured. */
  readonly busy?: Readonly<Record<string, Busy>>
  /** Cores that nodes and store used meanwhile. */
  readonly cores?: Readonly<Record<string, number | undefined>>
  /** What a reader must know to judge the figures. */
  readonly notes?: readonly string[]
  /** Where it was not the number asked for. */
  readonly nodes?: number
  readonly versions: Readonly<Record<string, string>>
}

export interface Measure {
  readonly what: string
  readonly value: number
  readonly unit: string
  /** Measured in the same run. */
  readonly reference?: { readonly what: string; readonly value: number }
  /** What is asked of the ratio to the reference, or of the value where there is none. */
  readonly reach?: Reach
}

export type Reach = { readonly atLeast: number } | { readonly atMost: number }

export interface Counts {
  readonly acknowledged: number
  readonly refused: number
  readonly unknown: number
}

export function ratioOf({ value, reference }: Measure): number | undefined {
  return reference === undefined ? undefined : value / reference.value
}

/** Undefined where nothing is asked. */
export function isReached(measure: Measure): boolean | undefined {
  const { reach, value } = measure
  if (reach === undefined) return undefined
  const judged = ratioOf(measure) ?? value
  return 'atLeast' in reach ? judged >= reach.atLeast : judged <= reach.atMost
}
