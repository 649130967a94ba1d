import type { Clock } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { CallKind, Travel } from '../../src/store/memory/link.ts'
import { createMemoryWorld, type MemoryWorld } from '../../src/store/memory/world.ts'
import type { Session } from '../../src/store/store.ts'
import { worldBeganAtMs } from './process.ts'
import type { SimTime } from './sim-time.ts'

/** How the way between a node and the store is just now. */
export interface StoreWeather {
  /** Times the usual latency. */
  slowness: number
  /** Of replies: carried out, and nobody hears of it. */
  lossOfReplies: number
  /** Of requests: they never arrive. */
  lossOfRequests: number
  /** Of requests: so late that their caller has long given up. */
  lateShare: number
}

export const fairWeather: StoreWeather = {
  slowness: 1,
  lossOfReplies: 0,
  lossOfRequests: 0,
  lateShare: 0,
}

/** The store of the simulated cluster: the memory backend's world, with the ways to it drawn from the seed. */
export interface SimStore {
  readonly world: MemoryWorld
  /** In force for a node's incarnation from now on. */
  setWeather(nodeId: string, weather: StoreWeather): void
  /** Which node a session belongs to; sessions are opened by the node's store client. */
  claim(sessionId: string, nodeId: string): void
  nodeOf(sessionId: string): string | undefined
  /** When any one node was suspended. */
  readonly silences: NodeSilence[]
  /** When it had no quorum. */
  readonly losses: QuorumLoss[]
  nowMs(): number
  /** Called at each call that a node sends, before it travels; gives the travel in its place, or undefined. */
  onSend: ((nodeId: string, kind: CallKind) => Travel | undefined) | undefined
}

/** In ms of the world. */
export interface QuorumLoss {
  readonly fromMs: number
  toMs: number
  /** Every node that ran at its end knew the time and was awake for all of it. */
  isSeenByAll: boolean
}

/** In ms of the world. */
export interface NodeSilence {
  readonly nodeId: string
  readonly fromMs: number
  readonly toMs: number
}

const requestMs = { least: 0.3, spread: 2 }
const lateMs = { least: 500, spread: 9_000 }
/** Now and then a call waits for a disk. */
const slow = { share: 0.01, spreadMs: 200 }

export function createSimStore(deps: {
  time: SimTime
  entropy: Entropy
  /** How old plain reads may be; 0: they are not. */
  staleMsMax: number
  /** The store's own; of the world, where none is given. */
  clock?: Clock
}): SimStore {
  const { time, entropy } = deps
  const weathers = new Map<string, StoreWeather>()
  const owners = new Map<string, string>()
  const worldClock: Clock = {
    monotonicMs: () => time.nowMs,
    wallMs: () => worldBeganAtMs + time.nowMs,
    setTimer: (delayMs, fire) => time.after(delayMs, fire),
  }
  const world = createMemoryWorld({
    clock: deps.clock ?? worldClock,
    firstRevision: 1n + BigInt(Math.floor(entropy.random() * 1_000)),
  })
  const random = () => entropy.random()
  const oneWayMs = () =>
    random() < slow.share ? random() * slow.spreadMs : requestMs.least + random() * requestMs.spread
  const travelIn = (weather: StoreWeather): Travel => {
    const there = oneWayMs() * weather.slowness
    const back = oneWayMs() * weather.slowness
    const isLate = random() < weather.lateShare
    return {
      requestMs:
        random() < weather.lossOfRequests
          ? Infinity
          : isLate
            ? lateMs.least + random() * lateMs.spread
            : there,
      replyMs: random() < weather.lossOfReplies ? Infinity : back,
    }
  }
  const store: SimStore = {
    world,
    setWeather: (nodeId, weather) => weathers.set(nodeId, weather),
    claim: (sessionId, nodeId) => owners.set(sessionId, nodeId),
    nodeOf: (sessionId) => owners.get(sessionId),
    silences: [],
    losses: [],
    nowMs: () => time.nowMs,
    onSend: undefined,
  }
  world.latency = (kind: CallKind, session: Session) => {
    const nodeId = owners.get(session.id) ?? ''
    const given = kind === 'ring' ? undefined : store.onSend?.(nodeId, kind)
    if (given !== undefined) return given
    const travel = travelIn(weathers.get(nodeId) ?? fairWeather)
    // Rings are hints, and get through in the end.
    return kind === 'ring' ? { requestMs: 0, replyMs: Math.min(travel.requestMs, 5_000) } : travel
  }
  if (deps.staleMsMax > 0) world.staleness = () => random() * deps.staleMsMax
  return store
}
