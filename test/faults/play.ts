import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { openSale } from './auctions.ts'
import { check } from '../checker/checker.ts'
import { startCluster } from './cluster.ts'
import { openEyes } from './eyes.ts'
import { readFinale } from './finale.ts'
import { startLoad } from './load.ts'
import { keepLookout } from './lookout.ts'
import type { RunOptions } from './options.ts'
import { createProber } from './prober.ts'
import { createRecorder } from './recorder.ts'
import type { Run } from './run.ts'
import { scenarios } from './scenarios/all.ts'
import { judge, type Verdict } from './verdict.ts'
import { pause } from './wait.ts'
import { startWatchers } from './watchers.ts'

const warmUpMs = 3_000
/** From then on the bids themselves keep moving the hot auction's end. */
const hotEndMs = 10_000

export interface Played {
  readonly verdict: Verdict
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
    const verdict = await playIn(folder, options, say)
    if (!verdict.passed || options.folder !== undefined) return { verdict, folder }
    rmSync(folder, { recursive: true, force: true })
    return { verdict, folder: undefined }
  } catch (error) {
    say(`broke off; logs and history are in ${folder}`)
    throw error
  }
}

async function playIn(
  folder: string,
  options: RunOptions,
  say: (progress: string) => void,
): Promise<Verdict> {
  const { store, nodes: nodeCount, sessionTimeoutMs, seed } = options
  const scenario = scenarios[options.scenario]
  const rounds = options.rounds ?? scenario.rounds
  const spanMs = warmUpMs + scenario.spanMs({ rounds, sessionTimeoutMs })
  const undo: (() => unknown)[] = []
  const later = <T>(made: T, how: (made: T) => unknown): T => {
    undo.push(() => how(made))
    return made
  }
  try {
    say(`starts three ${store} servers and ${nodeCount} nodes; logs in ${folder}`)
    const cluster = later(
      await startCluster({
        kind: store,
        program: options.program,
        nodeCount,
        sessionTimeoutMs,
        folder,
      }),
      (made) => made.stop(),
    )
    const { nodes } = cluster
    const recorder = later(createRecorder(join(folder, 'history.jsonl')), (made) => made.close())
    const eyes = later(await openEyes(cluster.storeUrl, sessionTimeoutMs), (made) => made.close())
    const entropy = seededEntropy(seed)
    const urls = nodes.map(({ url }) => url)
    say(`opens ${options.quiet} quiet auctions and a hot one`)
    const hot = { endMs: hotEndMs, softCloseMs: options.softCloseMs }
    const sale = await openSale({ urls, quietCount: options.quiet, spanMs, hot, entropy })
    const prober = await createProber(nodes[0]?.url ?? '', recorder)
    const watchers = later(startWatchers(nodes, sale, recorder), (made) => made.leave())
    const lookout = later(keepLookout(cluster, eyes, recorder, folder), (made) => made.stop())
    say(`${options.bidders} bidders come in`)
    const bidderCount = options.bidders
    const load = later(
      await startLoad({ nodes, sale, bidderCount, thinkMs: options.thinkMs, seed, recorder }),
      (made) => made.leave(),
    )
    const startMs = recorder.now()
    await pause(warmUpMs)
    const run: Run = { options, cluster, eyes, recorder, sale, load, prober, entropy, say }
    await scenario.play(run, rounds)
    await pause(startMs + spanMs - recorder.now())
    await load.stop()
    await readFinale({ ...run, watchers })
    await lookout.stop()
    say('checks')
    const context = { hotId: sale.hot.id, scenario, options, metrics: lookout.metrics }
    return judge(recorder.lines, check(recorder.lines), context)
  } finally {
    for (const step of undo.reverse()) await step()
  }
}
