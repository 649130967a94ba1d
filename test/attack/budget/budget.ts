import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { findProgram } from '../../../src/ensemble/find-program.ts'
import { pause } from '../../faults/wait.ts'
import { protocolLimits as limits } from '../../../src/protocol/limits.ts'
import { apiPath } from '../../../src/protocol/version.ts'
import { footprintOf, leftOver } from '../stage/footprint.ts'
import { watchHealth } from '../stage/health-watch.ts'
import { openStage, type Stage, type StageOptions } from '../stage/stage.ts'

const times = 10
const rounds = 5
const sliceMs = 3_000
/** Until the attacker's process has started and is at its rate. */
const startMs = 1_500
const askEveryMs = 5
const p99GrowthMax = 1.2
const rssGrowthMbMax = 100

/** Anonymous calls, with what one address may do of each a second. */
const calls = {
  time: { request: get(`${apiPath}/time`), perSecond: limits.readsPerSecond },
  auctions: { request: get(`${apiPath}/auctions?limit=200`), perSecond: limits.readsPerSecond },
  description: { request: get('/openapi.json'), perSecond: limits.readsPerSecond },
  page: { request: get('/'), perSecond: limits.readsPerSecond },
  probe: { request: get('/healthz'), perSecond: limits.readsPerSecond },
  guests: {
    request: ['POST', `${apiPath}/session`, '{"name":"Flood"}'],
    perSecond: limits.sessionsPerSecond,
  },
  'wrong tokens': { request: get(`${apiPath}/session`), perSecond: limits.wrongTokensPerSecond },
} as const

function get(path: string) {
  return ['GET', path, ''] as const
}

/** Quiet and attacked slices take turns; what is told is the median of their ratios. @returns whether all is within bounds */
export async function judgeBudget(
  options: StageOptions,
  say: (text: string) => void,
): Promise<boolean> {
  const taskset = findProgram('taskset')
  const stage = await openStage({
    ...options,
    nodeCount: 1,
    ...(taskset !== undefined && { inside: [taskset, '-c', '0'] }),
  })
  // Beside the attacker, who gives way to us: the node has its core to itself.
  if (taskset !== undefined) spawnSync(taskset, ['-cp', '1', String(process.pid)])
  const before = await footprintOf(stage.view)
  let isSound = true
  try {
    for (const [name, call] of Object.entries(calls)) {
      const rssMb = stage.view.rssMb() ?? 0
      const health = watchHealth(stage.view, stage.healthMsMax)
      const ratios: number[] = []
      for (let round = 0; round < rounds; round++) {
        const quiet = await p99Of(stage)
        const stop = flood(stage, call.request, call.perSecond * times, taskset)
        await pause(startMs)
        const attacked = await p99Of(stage)
        stop()
        ratios.push(attacked / quiet)
        await pause(500)
      }
      const [late] = await health.stop()
      const ratio = ratios.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity
      const grownMb = (stage.view.rssMb() ?? Infinity) - rssMb
      const holds = ratio <= p99GrowthMax && grownMb <= rssGrowthMbMax && late === undefined
      isSound &&= holds
      console.log(
        `${name}: p99 of others × ${ratio.toFixed(2)}, memory ${grownMb.toFixed(0)} MB, /healthz at worst ${health.worstMs.toFixed(0)} ms: ${holds ? 'holds' : 'DOES NOT HOLD'}`,
      )
    }
    stage.leave()
    const left =
      before === undefined ? [] : await leftOver(stage.view, before, { withinMs: 20_000 })
    for (const text of left) say(`BROKEN: ${text}`)
    return isSound && left.length === 0
  } finally {
    await stage.stop()
  }
}

/** What somebody at another address waits for the time, in ms. */
async function p99Of(stage: Stage): Promise<number> {
  const honest = stage.stranger()
  const tookMs: number[] = []
  const endsAtMs = performance.now() + sliceMs
  while (performance.now() < endsAtMs) {
    const askedMs = performance.now()
    await honest.ask({ path: `${apiPath}/time` }).catch(() => undefined)
    tookMs.push(performance.now() - askedMs)
    await pause(askEveryMs)
  }
  honest.close()
  tookMs.sort((a, b) => a - b)
  return tookMs[Math.floor(tookMs.length * 0.99)] ?? Infinity
}

/** In a process of its own, on the other core, that gives way to everybody. @returns the way to stop it */
function flood(
  stage: Stage,
  request: readonly [method: string, path: string, body: string],
  perSecond: number,
  taskset: string | undefined,
): () => void {
  const { host, port } = stage.door
  const order = { host, port, from: stage.newAddress(), request, perSecond, forMs: sliceMs * 2 }
  const words = [
    ...['nice', '-n', '19'],
    ...(taskset === undefined ? [] : [taskset, '-c', '1']),
    ...[process.execPath, '--import', import.meta.resolve('tsx')],
    ...[fileURLToPath(new URL('flooder.ts', import.meta.url)), JSON.stringify(order)],
  ]
  const child = spawn(words[0]!, words.slice(1), { stdio: 'ignore' })
  return () => void child.kill('SIGKILL')
}
