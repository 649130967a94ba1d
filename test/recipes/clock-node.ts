import { must } from '../../src/lib/assert.ts'
import type { BeaconGap } from '../../src/recipes/beacon-keeper.ts'
import { type ClusterClock, createClusterClock } from '../../src/recipes/cluster-clock.ts'
import { createElection, type Leadership } from '../../src/recipes/election.ts'
import { settle } from '../support/manual-clock.ts'
import { createRoom, type RoomNode } from './room.ts'

/** A node that follows the beacons and, when told to, leads. */
export interface ClockNode extends RoomNode {
  readonly cluster: ClusterClock
  /** Campaigns and, once it leads, writes beacons until that ends; then resigns. Resolves with the reason. */
  lead(signal?: AbortSignal): Promise<string>
  /** Whether it keeps the beacon just now. */
  readonly leadership: Leadership | undefined
  /** Of the last cold start. */
  readonly coldGap: BeaconGap | undefined
  /** Every silence that it was asked about. */
  readonly gaps: readonly BeaconGap[]
}

export function createClockNode(node: RoomNode, all: readonly RoomNode[]): ClockNode {
  const cluster = createClusterClock(node.deps)
  const election = createElection({ ...node.deps, dir: 'leader' })
  let leadership: Leadership | undefined
  const gaps: BeaconGap[] = []
  return {
    ...node,
    cluster,
    get leadership() {
      return leadership
    },
    get coldGap() {
      return gaps.findLast(({ isCold }) => isCold)
    },
    gaps,
    async lead(signal = new AbortController().signal) {
      leadership = await election.campaign(signal)
      const end = await cluster.lead(leadership, signal, {
        medianWallMs: async () => median(all.map(({ clock }) => clock.wallMs())),
        onGap: async (gap) => void gaps.push(gap),
      })
      await leadership.resign()
      leadership = undefined
      return end
    },
  }
}

export async function followAll(nodes: readonly ClockNode[]): Promise<void> {
  for (const { cluster } of nodes) void cluster.follow(new AbortController().signal)
  await settle()
}

export async function createClocks(nodeCount: number, skewsMs: readonly number[] = []) {
  const room = createRoom(nodeCount, { skewsMs })
  const nodes = room.nodes.map((node) => createClockNode(node, room.nodes))
  await followAll(nodes)
  return { ...room, nodes }
}

function median(values: readonly number[]): number {
  return must([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)], 'wall clock')
}
