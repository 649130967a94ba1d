import { seededEntropy } from '../../src/lib/entropy.ts'
import type { Log } from '../../src/lib/log.ts'
import { asError } from '../../src/lib/clock.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { check } from '../checker/checker.ts'
import type { HistoryLine, Meta } from '../checker/history.ts'
import type { Violation } from '../checker/violation.ts'
import { createFaults } from './faults.ts'
import {
  leftoversEvery,
  readLeftovers,
  readNodes,
  readStore,
  untilAllOver,
  untilAllServe,
  untilAllToldWhat,
} from './finale.ts'
import { createHistory } from './history-keeper.ts'
import { createNetwork } from './network.ts'
import { checkOwed } from './outage-owed.ts'
import { checkCredits } from './outage-truth.ts'
import { createPeople, type WrapClient } from './people.ts'
import { drawPlan, type Mode, type Plan } from './plan.ts'
import { createSimCluster } from './sim-cluster.ts'
import type { SpoiltParts } from './sim-node.ts'
import { createSimStore } from './sim-store.ts'
import { createSimTime } from './sim-time.ts'
import type { World } from './world.ts'
import { trueBeacon, watchCommits } from './witness.ts'

/** What is composed in besides the real parts: bugs on purpose, or no lock. */
export interface Composition extends SpoiltParts {
  wrapClient?: WrapClient
  /** Of the checker: what this composition leaves out on purpose. */
  without?: readonly 'lock'[]
  /** Changes to the plan of a seed, to bring about what a composition is about. */
  replan?: (plan: Plan) => Plan
}

export interface PlayOptions {
  readonly seed: number
  readonly mode: Mode
  readonly composition?: Composition
  /** Gets a line for each thing that happens, with its instant: a story. */
  readonly tell?: (atMs: number, who: string, what: string, fields?: object) => void
}

export interface Played {
  readonly seed: number
  readonly mode: Mode
  readonly violations: readonly Violation[]
  /** Errors of the program itself, and what did not finish. */
  readonly defects: readonly string[]
  readonly history: readonly HistoryLine[]
  readonly counts: SimCounts
}

/** What a world saw, to be added up over many. */
export interface SimCounts {
  [name: string]: number
}

/** After the last fault of a safety run. */
const safetyTailMs = 4_000
const lookEveryMs = 500

export async function play(options: PlayOptions): Promise<Played> {
  const { seed, mode, composition = {} } = options
  const drawn = drawPlan(seed, mode)
  const world = build(composition.replan?.(drawn) ?? drawn, options)
  const { plan, time, history, cluster, people } = world
  const onRejection = (error: unknown) => {
    history.defect(`a promise was rejected and nobody looked: ${asError(error).stack}`)
  }
  process.on('unhandledRejection', onRejection)
  try {
    for (const { nodeId, startMs } of plan.nodes) time.after(startMs, () => cluster.start(nodeId))
    people.come()
    const faults = createFaults({ ...world, note: (fault) => history.fault(fault) })
    faults.arm(plan.faults)
    lookAtBeacon(world)
    await time.runUntil(plan.faultsEndMs)
    if (mode === 'liveness') {
      faults.healAll()
      history.fault({ kind: 'heal', role: 'store', target: 'everything' })
      await untilAllOver(world)
      await untilAllToldWhat(world)
      await untilAllServe(world)
      await readNodes(world)
      readStore(world)
      if (Math.floor(seed / 2) % leftoversEvery === 0) await readLeftovers(world)
    } else {
      await time.runUntil(time.nowMs + safetyTailMs)
      readStore(world)
    }
    checkCredits(world)
    checkOwed(world)
  } finally {
    process.off('unhandledRejection', onRejection)
  }
  history.begin(metaLine(world, composition))
  history.add({ t: 'end', atMs: history.now() })
  const violations = check(history.lines)
  const counts = countsOf(world)
  return { seed, mode, violations, defects: history.defects, history: history.lines, counts }
}

function build(plan: Plan, options: PlayOptions): World {
  const { composition = {}, tell } = options
  const entropy = seededEntropy(plan.seed * 4 + (plan.mode === 'safety' ? 2 : 3))
  const time = createSimTime(entropy)
  const history = createHistory(time, (text) => tell?.(time.nowMs, 'world', text))
  const store = createSimStore({ time, entropy, staleMsMax: plan.staleMsMax })
  const network = createNetwork({ time, entropy, byteWeight: plan.byteWeight })
  const cluster = createSimCluster({
    ...{ plan, time, entropy, network, store, spoilt: composition },
    metrics: createCounter(metricsOf(history)),
    log: (speaker): Log => {
      const say = (level: string) => (fields: object, message: string) => {
        if (level === 'error') history.defect(`${speaker.name}: ${message} ${describe(fields)}`)
        // Then this simulation itself would be wrong.
        if (speaker.state !== 'runs')
          history.defect(`${speaker.name} is ${speaker.state} and says: ${message}`)
        tell?.(time.nowMs, speaker.name, message, fields)
      }
      return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') }
    },
  })
  const witness = watchCommits(store.world, {
    ...store,
    knowsTimeSince: (ms) => cluster.whoKnowsTimeSince(ms).length > 0,
  })
  const wrapClient = composition.wrapClient ?? ((client) => client)
  const people = createPeople({ plan, time, entropy, network, cluster, history, wrapClient })
  return { plan, time, store, network, cluster, people, history, witness }
}

/** Counters of all nodes together, kept beside their history. */
const metricCounts = new WeakMap<object, Map<string, number>>()
function metricsOf(history: object): Map<string, number> {
  const counts = metricCounts.get(history) ?? new Map<string, number>()
  metricCounts.set(history, counts)
  return counts
}
function createCounter(counts: Map<string, number>): Metrics {
  return {
    count(name, labels = {}, by = 1) {
      const full = name === 'forwarded_bids_total' ? `${name} ${labels['outcome'] ?? ''}` : name
      counts.set(full, (counts.get(full) ?? 0) + by)
    },
    observe: () => undefined,
    gauge: () => undefined,
  }
}

const describe = (fields: object) =>
  JSON.stringify(fields, (_key, value: unknown) =>
    value instanceof Error ? (value.stack ?? value.message) : value,
  )

/** Cluster time begins as the members' wall clocks have it, and again where nobody is left who knew it: their error is its error. */
function metaLine({ plan }: World, { without }: Composition): Meta {
  const wrongMs = Math.max(...plan.nodes.map(({ wallOffsetMs }) => Math.abs(wallOffsetMs)))
  const setMs = plan.faults.map(({ harm }) =>
    harm.kind === 'jump-wall-clock' ? Math.abs(harm.byMs) : 0,
  )
  const { seed, mode } = plan
  return {
    ...{ t: 'meta', source: 'simulator', seed, options: { seed, mode } },
    ...(mode === 'safety' && { isCutShort: true as const }),
    clockSlackMs: Math.ceil(wrongMs + setMs.reduce((sum, ms) => sum + ms, 0)),
    ...(without !== undefined && { without }),
  }
}

/** Who gives the time, now and again. */
function lookAtBeacon(world: World): void {
  const { time, store, history } = world
  time.after(lookEveryMs, () => {
    void trueBeacon(store.world).then((beacon) => {
      if (beacon === undefined) return
      const { term, timeMs } = beacon
      history.add({ t: 'beacon', atMs: history.now(), term: term.toString(), timeMs })
    })
    lookAtBeacon(world)
  })
}

function countsOf({ history, time, witness }: World): SimCounts {
  const counts: SimCounts = { events: time.eventCount, commits: witness.commitCount }
  const add = (name: string, by = 1) => (counts[name] = (counts[name] ?? 0) + by)
  for (const line of history.lines) {
    if (line.t === 'invoke') add('sent')
    else if (line.t === 'answer') {
      add(line.outcome)
      if ((line.copies ?? 1) > 1) add('settled by further copies')
    } else if (line.t === 'fault') add(`fault ${line.kind}`)
    else if (line.t === 'feed') {
      add('feed updates')
      if (line.jump !== undefined) add('feed jumps')
      if (line.kind === 'snapshot' && line.prevSeq > 0) add('feed snapshots in between')
    } else if (line.t === 'journal' && line.node === 'store') {
      for (const event of line.events) {
        add(event.type === 'AuctionExtended' ? `extended: ${event.reason}` : event.type)
      }
    }
  }
  for (const [name, count] of metricsOf(history)) add(name, count)
  return counts
}
