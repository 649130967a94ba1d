import type { Entropy } from '../../src/lib/entropy.ts'
import type { Log } from '../../src/lib/log.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import type { Network } from './network.ts'
import type { Plan, PlannedNode } from './plan.ts'
import type { Target } from './planned-fault.ts'
import { createProcess, type SimProcess } from './process.ts'
import { type SimNode, type SpoiltParts, startSimNode } from './sim-node.ts'
import { fairWeather, type SimStore } from './sim-store.ts'
import type { SimTime } from './sim-time.ts'
import { firstInQueue } from './truth.ts'

/** The nodes by name, each with the incarnation that runs now, if one does. */
export interface SimCluster {
  readonly nodeIds: readonly string[]
  /** All URLs that there may ever be. */
  readonly urls: readonly string[]
  running(): SimNode[]
  /** Who may still know the time of then: up and with the same clock since, settled, not frozen now, and not leaving. */
  whoKnowsTimeSince(ms: number): SimNode[]
  node(nodeId: string): SimNode | undefined
  start(nodeId: string): void
  kill(nodeId: string, isTold: boolean): void
  terminate(nodeId: string): void
  /** Who is meant, just now. */
  find(target: Target): string | undefined
  /** The auction whose lock is looked at for `holder`. */
  hotAuctionId: string | undefined
  /** The store has no quorum: whoever starts now does not reach it either. */
  isStoreGone: boolean
}

/** The program exits by itself when leaving takes longer. */
const leaveWithinMs = 10_000

export function createSimCluster(deps: {
  plan: Plan
  time: SimTime
  entropy: Entropy
  network: Network
  store: SimStore
  log: (process: SimProcess) => Log
  metrics: Metrics
  spoilt: SpoiltParts
}): SimCluster {
  const { plan, time, entropy, network, store, spoilt } = deps
  const running = new Map<string, SimNode>()
  const incarnations = new Map<string, number>()
  const planned = new Map(plan.nodes.map((node) => [node.nodeId, node]))

  /** Leaving, and whether it shall come back after that. */
  const leaving = new Map<string, { comesBack: boolean }>()

  const start = (nodeId: string) => {
    const node = planned.get(nodeId)
    const isLeaving = leaving.get(nodeId)
    if (isLeaving !== undefined) isLeaving.comesBack = true
    if (node === undefined || running.has(nodeId)) return
    const incarnation = (incarnations.get(nodeId) ?? 0) + 1
    incarnations.set(nodeId, incarnation)
    store.setWeather(nodeId, fairWeather)
    const seed = (plan.seed * 64 + plan.nodes.indexOf(node)) * 64 + incarnation
    const started = startSimNode({ ...deps, ...own(node, incarnation), seed })
    running.set(nodeId, started)
    if (cluster.isStoreGone) store.world.silence(started.session)
  }
  const gone = (nodeId: string) => {
    const node = running.get(nodeId)
    running.delete(nodeId)
    const { comesBack = false } = leaving.get(nodeId) ?? {}
    leaving.delete(nodeId)
    if (comesBack) start(nodeId)
    return node
  }
  const own = (node: PlannedNode, incarnation: number) => {
    const name = `${node.nodeId}#${incarnation}`
    const process = createProcess(name, { time, entropy, ...node })
    const { timing } = plan
    return {
      nodeId: node.nodeId,
      ...{ process, network, store, spoilt, timing },
      log: deps.log(process),
    }
  }
  const ownerOf = (dir: string) => {
    const first = firstInQueue(store.world, dir)
    return first === undefined ? undefined : store.nodeOf(first.sessionId)
  }
  const cluster: SimCluster = {
    nodeIds: plan.nodes.map(({ nodeId }) => nodeId),
    urls: plan.nodes.map(({ nodeId }) => `http://${nodeId}`),
    running: () => [...running.values()],
    whoKnowsTimeSince: (ms) =>
      [...running.values()].filter(
        ({ nodeId, engine, process: { state, clockSetMs } }) =>
          state === 'runs' &&
          clockSetMs <= ms &&
          engine.time.errorMs() < Infinity &&
          !leaving.has(nodeId),
      ),
    node: (nodeId) => running.get(nodeId),
    start,
    kill(nodeId, isTold) {
      const node = running.get(nodeId)
      node?.kill(isTold)
      gone(nodeId)
    },
    terminate(nodeId) {
      const node = running.get(nodeId)
      if (node === undefined || leaving.has(nodeId)) return
      leaving.set(nodeId, { comesBack: false })
      const isThere = () => running.get(nodeId) === node
      node.process.enter(() => {
        void node.stop().then(() => {
          if (isThere()) gone(nodeId)
        })
      })
      time.after(leaveWithinMs, () => {
        if (isThere()) cluster.kill(nodeId, true)
      })
    },
    find(target) {
      if (typeof target === 'object') return target.nodeId
      if (target === 'leader') return ownerOf('leader')
      const { hotAuctionId } = cluster
      return hotAuctionId === undefined ? undefined : ownerOf(`locks/${hotAuctionId}`)
    },
    hotAuctionId: undefined,
    isStoreGone: false,
  }
  return cluster
}
