import { setMaxListeners } from 'node:events'
import { must, unreachable } from '../../src/lib/assert.ts'
import type { CallKind, Travel } from '../../src/store/memory/link.ts'
import type { FaultKind, FaultRole } from '../checker/history.ts'
import type { Network } from './network.ts'
import type { People } from './people.ts'
import type { Harm, PlannedFault, Target } from './planned-fault.ts'
import type { SimCluster } from './sim-cluster.ts'
import type { SimNode } from './sim-node.ts'
import { fairWeather, type SimStore, type StoreWeather } from './sim-store.ts'
import type { SimTime } from './sim-time.ts'

setMaxListeners(0)

export interface FaultDeps {
  time: SimTime
  cluster: SimCluster
  store: SimStore
  network: Network
  people: People
  /** For the history: what is done now. */
  note: (fault: { kind: FaultKind; role: FaultRole; target: string; detail?: string }) => void
}

/** Does to the world what the plan says. */
export interface Faults {
  arm(planned: readonly PlannedFault[]): void
  /** From now on all is well: ways are clear, everybody is awake, whoever is dead comes back. */
  healAll(): void
}

/** A silence that begins so soon after a freeze may be of its making: a node says nothing of it. */
const awakeBeforeMs = 2_000

type OfNode = Extract<Harm, { target: Target }>

export function createFaults(deps: FaultDeps): Faults {
  const { time, cluster, store, people } = deps
  /** Ends of what lasts, each called once. */
  const ends = new Set<() => void>()
  const lasting = (forMs: number, what: { kind: FaultKind; target: string }, end: () => void) => {
    const once = () => {
      if (!ends.delete(once)) return
      end()
      deps.note({ ...what, role: 'node' })
    }
    ends.add(once)
    time.after(forMs, once)
  }
  const watchCalls = createCallWatch(store)

  let lostCount = 0
  let witnesses: { sinceMs: number; nodes: SimNode[] }
  const loseQuorum = () => {
    if (lostCount++ > 0) return
    const sinceMs = time.nowMs - awakeBeforeMs
    witnesses = { sinceMs, nodes: cluster.whoKnowsTimeSince(sinceMs) }
    cluster.isStoreGone = true
    store.losses.push({ fromMs: time.nowMs, toMs: Infinity, isSeenByAll: false })
    for (const { session } of cluster.running()) store.world.silence(session)
  }
  const findQuorum = () => {
    const { sinceMs, nodes } = witnesses
    const left = cluster.whoKnowsTimeSince(sinceMs)
    const awake = nodes.filter(
      (node) => left.includes(node) && node.process.awakeSinceMs <= sinceMs,
    )
    const isSeenByAll = cluster.running().every((node) => awake.includes(node))
    Object.assign(must(store.losses.at(-1), 'loss'), { toMs: time.nowMs, isSeenByAll })
    cluster.isStoreGone = false
    for (const { session } of cluster.running()) store.world.heal(session)
  }
  const strike = (harm: Harm) => {
    if ('bidder' in harm) people.disturb(harm)
    else if (harm.kind === 'quorum-loss') {
      deps.note({ kind: 'quorum-loss', role: 'store', target: 'store' })
      loseQuorum()
      lasting(harm.forMs, { kind: 'heal', target: 'store' }, () => {
        // It may have been lost twice.
        if (--lostCount === 0) findQuorum()
      })
    } else {
      const nodeId = cluster.find(harm.target)
      if (nodeId !== undefined) strikeNode(harm, nodeId)
    }
  }
  const comeBack = (nodeId: string, forMs: number) =>
    lasting(forMs, { kind: 'restart', target: nodeId }, () => cluster.start(nodeId))
  const weather = (nodeId: string, forMs: number, over: Partial<StoreWeather>, detail: string) => {
    deps.note({ kind: 'delay', role: 'node', target: nodeId, detail })
    store.setWeather(nodeId, { ...fairWeather, ...over })
    const clear = () => store.setWeather(nodeId, fairWeather)
    lasting(forMs, { kind: 'heal', target: nodeId }, clear)
  }
  const strikeNode = (harm: OfNode, nodeId: string) => {
    const node = cluster.node(nodeId)
    if (node === undefined) return
    const role = typeof harm.target === 'string' ? harm.target : 'node'
    const note = (kind: FaultKind) => deps.note({ kind, role, target: nodeId })
    switch (harm.kind) {
      case 'kill':
        note('kill')
        cluster.kill(nodeId, harm.isTold)
        {
          comeBack(nodeId, harm.forMs)
          return
        }
      case 'kill-at-call': {
        watchCalls(nodeId, harm.call, () => {
          if (cluster.node(nodeId) !== node) return undefined
          deps.note({ kind: 'kill', role, target: nodeId, detail: `at a call, ${harm.when}` })
          comeBack(nodeId, harm.forMs)
          const die = () => {
            if (cluster.node(nodeId) === node) cluster.kill(nodeId, true)
          }
          // What it does in this very step is still done, and lost with it.
          if (harm.when !== 'answered') time.after(0, die)
          if (harm.when === 'before') return { requestMs: Infinity, replyMs: Infinity }
          if (harm.when === 'answered') time.after(2, die)
          return { requestMs: 1, replyMs: 2 }
        })
        return
      }
      case 'terminate':
        note('terminate')
        cluster.terminate(nodeId)
        {
          comeBack(nodeId, harm.forMs)
          return
        }
      case 'freeze':
        note('freeze')
        node.process.freeze()
        {
          lasting(harm.forMs, { kind: 'thaw', target: nodeId }, () => node.process.thaw())
          return
        }
      case 'silence': {
        note('black-hole')
        const { session } = node
        store.world.silence(session)
        lasting(harm.forMs, { kind: 'heal', target: nodeId }, () => {
          if (!cluster.isStoreGone) store.world.heal(session)
        })
        return
      }
      case 'lose-replies': {
        weather(nodeId, harm.forMs, { lossOfReplies: harm.share }, 'replies are lost')
        return
      }
      case 'lose-requests': {
        weather(nodeId, harm.forMs, { lossOfRequests: harm.share }, 'requests are lost')
        return
      }
      case 'late': {
        weather(nodeId, harm.forMs, { lateShare: harm.share }, 'requests arrive late')
        return
      }
      case 'slow': {
        weather(nodeId, harm.forMs, { slowness: harm.slowness }, 'the store is far')
        return
      }
      case 'drop-reply':
        note('drop-reply')
        {
          store.world.dropReply(node.session)
          return
        }
      case 'expire':
        note('expire-session')
        {
          store.world.expire(node.session)
          return
        }
      case 'jump-wall-clock':
        note('skew-clock')
        {
          node.process.jumpWall(harm.byMs)
          return
        }
      case 'silence-people':
        note('partition')
        deps.network.silence(undefined, node.url)
        {
          lasting(harm.forMs, { kind: 'heal', target: nodeId }, () => deps.network.clear())
          return
        }
      default:
        return unreachable(harm)
    }
  }
  return {
    arm(planned) {
      for (const { atMs, harm } of planned) time.after(atMs - time.nowMs, () => strike(harm))
    },
    healAll() {
      for (const end of [...ends]) end()
      store.onSend = undefined
      for (const nodeId of cluster.nodeIds) {
        store.setWeather(nodeId, fairWeather)
        cluster.start(nodeId)
      }
      deps.network.clear()
      people.healAll()
    },
  }
}

/** Calls back at a node's n-th call from now, with what that one call then travels. */
function createCallWatch(store: SimStore) {
  const waiting = new Map<string, { left: number; onCall: () => Travel | undefined }>()
  store.onSend = (nodeId: string, kind: CallKind) => {
    const entry = waiting.get(nodeId)
    if (entry === undefined || kind === 'session') return undefined
    if (entry.left-- > 0) return undefined
    waiting.delete(nodeId)
    return entry.onCall()
  }
  return (nodeId: string, call: number, onCall: () => Travel | undefined) => {
    waiting.set(nodeId, { left: call, onCall })
  }
}
