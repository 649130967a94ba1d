import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { commitOf } from '../faults/versions.ts'
import { type StartPart, startRemote } from './crew/remote.ts'
import type { BenchOptions } from './options.ts'
import { isReached, type Measure, ratioOf, type Scenario, type Told } from './scenario.ts'
import { type Moment, openStage, type Stage } from './stage.ts'

/** A node that writes its heap stands still for seconds, and is to keep its session. */
const sessionWithHeapMs = 60_000

/** One scenario of one run; a line of JSON. */
export interface Result extends Omit<Told, 'measures' | 'nodes'> {
  readonly scenario: string
  readonly store: string
  readonly date: string
  readonly seed: number
  readonly nodes: number
  readonly durationMs: number
  readonly measures: readonly (Measure & {
    readonly ratio: number | undefined
    readonly isReached: boolean | undefined
  })[]
}

/** From an empty folder to its figures. Every process that it starts is gone when it ends, however it ends. */
export async function runScenario(
  scenario: Scenario,
  options: BenchOptions & { folder: string },
  say: (progress: string) => void,
  startPart: StartPart = startRemote,
): Promise<Result> {
  const folder = join(options.folder, scenario.name)
  mkdirSync(folder, { recursive: true })
  const undo: (() => unknown)[] = []
  const later = (step: () => unknown) => void undo.push(step)
  const stages: Stage[] = []
  const seeHeaps = heapWriter(options, stages, say)
  try {
    const told = await scenario.run({
      options,
      folder,
      say,
      later,
      async stage({ nodeCount = options.nodes, program = options.program } = {}) {
        say(`starts ${nodeCount} nodes on ${options.store}`)
        const { store: kind, storeSize } = options
        const stage = await openStage({
          ...{ kind, program, nodeCount, startPart },
          folder: join(folder, `stage-${stages.length + 1}`),
          ...(storeSize === undefined ? {} : { storeSize }),
          ...(options.heap ? { sessionTimeoutMs: sessionWithHeapMs } : {}),
        })
        stages.push(stage)
        later(() => stage.stop())
        return stage
      },
      seeHeaps,
      async crew(part, order) {
        const remote = await startPart(part, order)
        later(() => remote.stop())
        return remote
      },
    })
    await seeHeaps('end')
    return resultOf(scenario, options, told)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

/** Where heaps were asked for: of all stages that are open, each once for each moment. */
function heapWriter(
  { heap }: BenchOptions,
  stages: readonly Stage[],
  say: (progress: string) => void,
): (moment: Moment) => Promise<void> {
  const seen = new Map<Moment, number>()
  return async (moment) => {
    if (!heap) return
    if (stages.length === 0) say('no node runs that could write its heap')
    for (const stage of stages.slice(seen.get(moment) ?? 0)) {
      say(`the nodes write their heaps: ${moment}`)
      await stage.writeHeaps(moment)
    }
    seen.set(moment, stages.length)
  }
}

function resultOf({ name }: Scenario, options: BenchOptions, told: Told): Result {
  const { store, seed, nodes, durationMs } = options
  return {
    ...{ scenario: name, store, date: new Date().toISOString(), seed, nodes, durationMs },
    ...told,
    versions: { ...told.versions, lotkeeper: commitOf('test/bench') },
    measures: told.measures.map((measure) => ({
      ...measure,
      ratio: ratioOf(measure),
      isReached: isReached(measure),
    })),
  }
}
