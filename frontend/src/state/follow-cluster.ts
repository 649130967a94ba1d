import { signal, type ReadonlySignal } from '@preact/signals'
import type { Clock } from '../../../src/lib/clock.ts'
import type { ClusterJson } from '../../../src/protocol/http.ts'
import { newsOf, type ClusterNews } from './cluster-story.ts'

export interface ToldNews {
  readonly atMs: number
  readonly news: ClusterNews
  /** Of a new leader: how long there was none, as far as this page saw. */
  readonly gapMs?: number
}

/** How a node stood at one look: leading, ready, there but not ready, or not there. */
export type NodeState = 'leads' | 'ready' | 'unready' | 'gone'

export interface ClusterLook {
  readonly atMs: number
  readonly nodes: ReadonlyMap<string, NodeState>
}

/** The cluster as this page has seen it change, the newest news first. */
export interface ClusterStory {
  readonly told: ReadonlySignal<readonly ToldNews[]>
  readonly looks: ReadonlySignal<readonly ClusterLook[]>
  add(cluster: ClusterJson): void
}

const toldMax = 100
/** Looks of five minutes. */
const looksMax = 300

export function createClusterStory(clock: Clock): ClusterStory {
  const told = signal<readonly ToldNews[]>([])
  const looks = signal<readonly ClusterLook[]>([])
  let before: ClusterJson | undefined
  let leaderlessSinceMs: number | undefined
  return {
    told,
    looks,
    add(cluster) {
      const atMs = clock.wallMs()
      const news = before === undefined ? [] : newsOf(before, cluster)
      if (cluster.leader === null) leaderlessSinceMs ??= atMs
      const entries = news.map((one) => ({
        atMs,
        news: one,
        ...(one.kind === 'leader-new' &&
          leaderlessSinceMs !== undefined && { gapMs: atMs - leaderlessSinceMs }),
      }))
      if (cluster.leader !== null) leaderlessSinceMs = undefined
      before = cluster
      if (entries.length > 0) told.value = [...entries.reverse(), ...told.value].slice(0, toldMax)
      looks.value = [...looks.value, { atMs, nodes: statesOf(cluster) }].slice(-looksMax)
    },
  }
}

function statesOf({ members, leader }: ClusterJson): ReadonlyMap<string, NodeState> {
  const stateOf = ({ nodeId, ready }: ClusterJson['members'][number]): NodeState =>
    !ready ? 'unready' : leader?.nodeId === nodeId ? 'leads' : 'ready'
  return new Map(members.map((member) => [member.nodeId, stateOf(member)]))
}

export interface LaneRun {
  readonly state: NodeState
  readonly fromMs: number
  readonly untilMs: number
}

/** Per node, by name: the stretches in which it stood alike. A node that was ever seen keeps its lane. */
export function lanesOf(looks: readonly ClusterLook[]): Map<string, LaneRun[]> {
  const names = [...new Set(looks.flatMap(({ nodes }) => [...nodes.keys()]))].sort()
  const lanes = new Map<string, LaneRun[]>()
  for (const name of names) {
    const runs: { state: NodeState; fromMs: number; untilMs: number }[] = []
    for (const { atMs, nodes } of looks) {
      const state = nodes.get(name) ?? 'gone'
      const last = runs.at(-1)
      if (last !== undefined) last.untilMs = atMs
      if (last?.state !== state) runs.push({ state, fromMs: atMs, untilMs: atMs })
    }
    lanes.set(name, runs)
  }
  return lanes
}
