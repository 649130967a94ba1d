import { asError } from '../../../src/lib/clock.ts'
import { pause } from '../../faults/wait.ts'
import { nodesPath } from '../../../src/gateway/nodes/link-protocol.ts'
import { apiPath } from '../../../src/protocol/version.ts'
import { footprintOf, leftOver } from '../stage/footprint.ts'
import { openRawSocket } from '../stage/frame-bytes.ts'
import { watchHealth } from '../stage/health-watch.ts'
import { withoutRates } from '../stage/limit-flags.ts'
import { openNodeHandshakes } from '../stage/node-handshake.ts'
import { sell } from '../stage/person.ts'
import { openStage, type Stage, type StageOptions } from '../stage/stage.ts'
import { textFramesIn } from '../stage/text-frames.ts'
import { drawOf } from './draw.ts'
import { exchange } from './exchange.ts'
import { framesStep, nodeMessage, personMessage } from './frames-step.ts'
import { startHonestBidder } from './honest-bidder.ts'
import { httpStep } from './http-step.ts'
import { isPolluted, judgeAnswer, wrongFrame } from './oracle.ts'

export const fuzzKinds = ['http', 'frames', 'nodes'] as const
export type FuzzKind = (typeof fuzzKinds)[number]

export interface FuzzOptions {
  kinds: readonly FuzzKind[]
  /** Of all kinds together. */
  seconds: number
  /** Of each kind, instead of seconds. */
  steps: number | undefined
  seed: number
  from: number
}

export interface FuzzReport {
  readonly summary: string
  readonly steps: number
  readonly findings: readonly string[]
}

/** One step: what came back, by kind (a status, a close), and what was wrong. */
type Step = (step: number) => Promise<{ came: string; wrong?: string }>

const atOnce = 6
const answerWithinMs = 10_000
/** Of bytes that are no whole request the node rightly waits for the rest. */
const rawWithinMs = 300
const passesAtOnce = 2_100
const passEveryMs = 50
const growthMbMax = 250
const findingsMax = 20

/** @returns what was found, each with the seed and the step that show it again */
export async function runFuzz(
  stageOptions: StageOptions,
  options: FuzzOptions,
  say: (text: string) => void,
): Promise<FuzzReport> {
  const flags = [...(stageOptions.flags ?? []), ...withoutRates()]
  const stage = await openStage({ ...stageOptions, flags })
  const findings: string[] = []
  const came = new Map<string, number>()
  let steps = 0
  try {
    const honest = await startHonestBidder(stage)
    const before = await footprintOf(stage.view)
    const rssMb = stage.view.rssMb() ?? 0
    const health = watchHealth(stage.view, stage.healthMsMax)
    stage.view.newErrors()
    const { pid } = stage.node
    for (const kind of options.kinds) {
      const made = await stepsOf(kind, stage, options.seed)
      if (made === undefined) {
        say(`LEFT OUT: ${kind} on ${stage.kind}${stage.isThroughProxy ? ' through the proxy' : ''}`)
        continue
      }
      const many = createRun(kind, made.step, options, (what) =>
        came.set(what, (came.get(what) ?? 0) + 1),
      )
      steps += await many(findings, () => stage.node.pid === pid)
      await made.close()
      say(`${kind}: ${steps} steps so far, ${findings.length} findings`)
    }
    findings.push(...(await honest.stop()), ...(await health.stop()))
    findings.push(...stage.view.newErrors().map((line) => `in the log: ${line.slice(0, 300)}`))
    findings.push(...(await afterwards(stage, rssMb)))
    stage.leave()
    if (before !== undefined) {
      const of = ['descriptors', 'sockets'] as const
      findings.push(...(await leftOver(stage.view, before, { withinMs: 20_000, of })))
    }
  } finally {
    await stage.stop()
  }
  const told = [...came]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([what, count]) => `${what}: ${count}`)
  const summary = `${steps} steps on ${stage.kind}, seed ${options.seed}; ${told.join(', ')}; ${findings.length} findings`
  return { summary, steps, findings }
}

function createRun(
  kind: FuzzKind,
  step: Step,
  options: FuzzOptions,
  count: (what: string) => void,
) {
  const share = (options.seconds * 1_000) / options.kinds.length
  return async (findings: string[], isAlive: () => boolean): Promise<number> => {
    const endsAtMs = performance.now() + share
    const end = options.steps === undefined ? Infinity : options.from + options.steps
    let next = options.from
    const work = async () => {
      while (next < end && (options.steps !== undefined || performance.now() < endsAtMs)) {
        if (!isAlive() || findings.length >= findingsMax) return
        const at = next++
        const told = await step(at).catch((error: unknown) => ({
          came: 'nothing',
          wrong: asError(error).message,
        }))
        count(`${kind} ${told.came}`)
        if (told.wrong !== undefined) {
          findings.push(
            `${told.wrong} [--fuzz ${kind} --seed ${options.seed} --from ${at} --steps 1]`,
          )
        }
      }
    }
    await Promise.all(Array.from({ length: atOnce }, work))
    if (!isAlive())
      findings.push(`the node died at about step ${next} [--fuzz ${kind} --seed ${options.seed}]`)
    return next - options.from
  }
}

/** Undefined when this kind cannot be sent there. */
async function stepsOf(
  kind: FuzzKind,
  stage: Stage,
  seed: number,
): Promise<{ step: Step; close: () => Promise<void> } | undefined> {
  const mallory = await stage.guest('Mallory')
  const { token } = mallory
  const auctionId = await sell(mallory, { durationMs: 86_400_000 })
  const host = `${stage.door.host}:${stage.door.port}`
  const addresses = Array.from({ length: 50 }, () => stage.newAddress())
  const fromOf = (step: number) => addresses[step % addresses.length]!
  const close = async () => undefined
  if (kind === 'http') {
    return {
      close,
      async step(at) {
        const { bytes, isRaw } = httpStep(drawOf(seed, at), { host, token, auctionId })
        const withinMs = isRaw ? rawWithinMs : answerWithinMs
        const answer = await exchange(stage.door, fromOf(at), bytes, withinMs)
        const { status, wrong } = judgeAnswer(answer)
        const isMute = !isRaw && status === 0 && !answer.isClosed
        const what = wrong ?? (isMute ? `no answer within ${answerWithinMs} ms` : undefined)
        return { came: String(status || 'cut'), ...(what !== undefined && { wrong: what }) }
      },
    }
  }
  if (kind === 'frames')
    return { close, step: framesOf(stage, seed, fromOf, personMessage(auctionId, token)) }
  if (stage.storeUrl === undefined || stage.isThroughProxy) return undefined
  const handshakes = await openNodeHandshakes(stage)
  // One after the other: two recordings at once would be mixed up.
  let last: Promise<unknown> = Promise.resolve()
  let passCount = 0
  const headersNow = () => {
    const headers = last.then(async () => {
      // A node remembers 4,096 spent passes for a minute, and lets nobody in beyond.
      if (++passCount > passesAtOnce) await pause(passEveryMs)
      return handshakes.next()
    })
    last = headers.catch(() => undefined)
    return headers
  }
  return {
    close: () => handshakes.close(),
    step: framesOf(stage, seed, fromOf, nodeMessage(auctionId), headersNow),
  }
}

function framesOf(
  stage: Stage,
  seed: number,
  fromOf: (step: number) => string,
  message: ReturnType<typeof personMessage>,
  nodeHeaders?: () => Promise<string[]>,
): Step {
  return async (at) => {
    const way = nodeHeaders === undefined ? {} : { path: nodesPath, headers: await nodeHeaders() }
    const connection = await openRawSocket(stage.door, fromOf(at), way)
    connection.socket.write(framesStep(drawOf(seed, at), message))
    connection.socket.end()
    const isClosed = await connection.closed(answerWithinMs)
    connection.socket.destroy()
    if (!isClosed)
      return { came: 'stays open', wrong: `not closed within ${answerWithinMs} ms of its end` }
    const frames = textFramesIn(connection.text)
    const wrong =
      nodeHeaders === undefined
        ? frames.map(wrongFrame).find((one) => one !== undefined)
        : undefined
    return {
      came: `answered by ${frames.length > 3 ? 'more' : frames.length}`,
      ...(wrong !== undefined && { wrong }),
    }
  }
}

/** Sound questions after the odd ones. */
async function afterwards(stage: Stage, rssMbBefore: number): Promise<string[]> {
  const wrong: string[] = []
  for (const path of ['/time', '/auctions?limit=1', '/nope']) {
    const answer = await stage
      .stranger()
      .ask({ path: apiPath + path })
      .catch(() => undefined)
    if (answer === undefined) wrong.push(`${path} is not answered afterwards`)
    else if (isPolluted(answer.text))
      wrong.push(`a prototype was written to: ${answer.text.slice(0, 200)}`)
  }
  const grownMb = (stage.view.rssMb() ?? 0) - rssMbBefore
  if (grownMb > growthMbMax) wrong.push(`the node grew by ${Math.round(grownMb)} MB`)
  return wrong
}
