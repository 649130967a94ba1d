import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { clientLimits } from '../../src/client/limits.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { openSale } from './auctions.ts'
import { check } from '../checker/checker.ts'
import type { HistoryLine, Meta } from '../checker/history.ts'
import { startCluster } from './cluster.ts'
import { openEyes } from './eyes.ts'
import { readFinale } from './finale.ts'
import { startLoad } from './load.ts'
import { keepLookout } from './lookout.ts'
import type { RunOptions } from './options.ts'
import { createProber } from './prober.ts'
import { createRecorder } from './recorder.ts'
import { nemeses } from './nemeses/all.ts'
import type { NemesisName } from './nemeses/names.ts'
import type { NetworkOf } from './nemeses/nemesis.ts'
import { planOf } from './plan.ts'
import type { PlayedRound } from './run-result.ts'
import type { Run } from './run.ts'
import type { Schedule } from './schedule.ts'
import { judge, type Verdict } from './verdict.ts'
import { versionsOf } from './versions.ts'
import { createVictims } from './victims.ts'
import { pause } from './wait.ts'
import { startWatchers } from './watchers.ts'

const warmUpMs = 3_000
/** From then on the bids themselves keep moving the hot auction's end. Time enough for a slow machine to let all bidders in. */
const hotEndMs = 30_000

interface Told {
  readonly verdict: Verdict
  readonly history: readonly HistoryLine[]
  /** Of nemeses, where there were any. */
  readonly rounds: readonly PlayedRound[]
  readonly skipped: Schedule['skipped']
  readonly versions: Readonly<Record<string, string>>
}

export interface Played extends Told {
  /** Where logs and history are; undefined when they were removed. */
  readonly folder: string | undefined
}

/**
 * One run from an empty folder to its verdict. Every process that it starts is gone when it ends, however it ends.
 * @throws when the run itself breaks down (nothing starts, no node survives)
 */
export async function play(options: RunOptions, say: (progress: string) => void): Promise<Played> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'lotkeeper-faults-'))
  mkdirSync(folder, { recursive: true })
  try {
    const told = await playIn(folder, options, say)
    if (!told.verdict.passed || options.folder !== undefined) return { ...told, folder }
    rmSync(folder, { recursive: true, force: true })
    return { ...told, folder: undefined }
  } catch (error) {
    say(`broke off; logs and history are in ${folder}`)
    throw error
  }
}

type Later = <T>(made: T, how: (made: T) => unknown) => T

async function playIn(
  folder: string,
  options: RunOptions,
  say: (progress: string) => void,
): Promise<Told> {
  const undo: (() => unknown)[] = []
  const later: Later = (made, how) => {
    undo.push(() => how(made))
    return made
  }
  try {
    return await playThrough(folder, options, say, later)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}

async function playThrough(
  folder: string,
  options: RunOptions,
  say: (progress: string) => void,
  later: Later,
): Promise<Told> {
  const { store: kind, nodes: nodeCount, sessionTimeoutMs, seed, bidders: bidderCount } = options
  const { scenario, rounds, schedule, played } = planOf(options)
  for (const { nemesis, reason } of schedule.skipped) say(`WITHOUT ${nemesis}: ${reason}`)
  const spanMs = warmUpMs + scenario.spanMs({ rounds, sessionTimeoutMs })
  say(`starts three ${kind} servers and ${nodeCount} nodes; logs in ${folder}`)
  const names = schedule.rounds.flat()
  const networks = networksFor(names)
  const cluster = later(
    await startCluster({ ...options, ...networks, kind, nodeCount, folder }),
    (made) => made.stop(),
  )
  const { nodes } = cluster
  const recorder = later(createRecorder(join(folder, 'history.jsonl')), (made) => made.close())
  const versions = await versionsOf(cluster)
  recorder.add(metaOf(options, versions))
  const eyes = later(await openEyes(cluster.storeUrl, sessionTimeoutMs), (made) => made.close())
  const entropy = seededEntropy(seed)
  const urls = nodes.map(({ url }) => url)
  const hot = { endMs: Math.min(spanMs, hotEndMs), softCloseMs: options.softCloseMs }
  const quietCount = names.length > 0 ? 0 : options.quiet
  say(`opens ${quietCount} quiet auctions and a hot one`)
  const sale = later(await openSale({ urls, quietCount, spanMs, hot, entropy }), (made) =>
    made.close(),
  )
  const prober = await createProber(nodes[0]?.url ?? '', recorder)
  const watchers = later(startWatchers(nodes, sale, recorder), (made) => made.leave())
  const lookout = later(keepLookout(cluster, eyes, recorder, folder), (made) => made.stop())
  say(`${bidderCount} bidders come in`)
  const { thinkMs } = options
  const load = later(
    await startLoad({ nodes, sale, bidderCount, thinkMs, seed, recorder }),
    (made) => made.leave(),
  )
  const startMs = recorder.now()
  await pause(warmUpMs)
  const victims = createVictims()
  const run: Run = { options, cluster, eyes, recorder, sale, load, prober, victims, entropy, say }
  await scenario.play(run, rounds)
  await pause(startMs + spanMs - recorder.now())
  await load.stop()
  await readFinale({ ...run, watchers })
  await lookout.stop()
  recorder.add({ t: 'end', atMs: recorder.now() })
  say('checks')
  const { lines: history } = recorder
  const context = { hotId: sale.hot.id, scenario, options, metrics: lookout.metrics }
  const verdict = judge(history, check(history), context)
  return { verdict, history, rounds: played, skipped: schedule.skipped, versions }
}

function networksFor(names: readonly NemesisName[]) {
  const needs = (network: NetworkOf) => names.some((name) => nemeses[name].network === network)
  return {
    withLinks: names.length > 0,
    withCables: needs('nodes'),
    withStoreNetwork: needs('store'),
    withDisks: names.some((name) => nemeses[name].disks === true),
  }
}

/** The machine may be slow; three times what is promised is a failure even so. */
const patience = 3

function metaOf(options: RunOptions, versions: Readonly<Record<string, string>>): Meta {
  const { folder: _, json: __, program: ___, ...given } = options
  const { seed, sessionTimeoutMs } = options
  const meta = { t: 'meta', source: 'fault runner', seed, options: given, versions } as const
  if (options.nemesis === undefined) return meta
  const afterExpiryMs = patience * (sessionTimeoutMs + 2_000)
  return {
    ...meta,
    bounds: {
      'new leader': afterExpiryMs,
      'ready again': afterExpiryMs,
      'takes bids again': afterExpiryMs,
      'bidding goes on': afterExpiryMs,
      'nodes agree': afterExpiryMs,
      'crowd is back': patience * (clientLimits.silenceMs + clientLimits.connectTimeoutMs),
    },
  }
}
