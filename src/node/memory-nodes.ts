import { must } from '../lib/assert.ts'
import { systemClock } from '../lib/system-clock.ts'
import { createMemoryWorld } from '../store/memory/world.ts'
import type { Store } from '../store/store.ts'
import type { NodeConfig } from './config.ts'
import { type RunningNode, startNode } from './start-node.ts'

/** A node of this process on a memory store that it shares with others. */
export interface MemoryNode extends RunningNode {
  /**
   * As near to a crash as one process can come: the store hears no more of it, its clients are cut off without a word, and
   * what it held in the store stays until it is taken away. Resolves when its port is free.
   */
  kill(): Promise<void>
}

/** Starts nodes of this process on one memory store: a cluster for a demonstration, gone when the process ends. */
export function createMemoryCluster(): { start(config: NodeConfig): Promise<MemoryNode> } {
  const memoryWorld = createMemoryWorld({ clock: systemClock })
  return {
    async start(config) {
      let store: Store | undefined
      const wrapStore = (opened: Store) => (store = opened)
      const node = await startNode({ ...config, store: 'memory:' }, { memoryWorld, wrapStore })
      return {
        ...node,
        kill() {
          memoryWorld.silence(must(store, 'store of a started node').session)
          return node.stop('abruptly')
        },
      }
    },
  }
}

export async function startMemoryNodes(configs: readonly NodeConfig[]): Promise<MemoryNode[]> {
  const cluster = createMemoryCluster()
  const nodes: MemoryNode[] = []
  try {
    for (const config of configs) nodes.push(await cluster.start(config))
    return nodes
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()))
    throw error
  }
}
