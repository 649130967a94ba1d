import { systemClock } from '../lib/system-clock.ts'
import { createMemoryWorld } from '../store/memory/world.ts'
import type { NodeConfig } from './config.ts'
import { type RunningNode, startNode } from './start-node.ts'

/** Several nodes of this process on one memory store: a cluster for a demonstration, gone when the process ends. */
export async function startMemoryNodes(configs: readonly NodeConfig[]): Promise<RunningNode[]> {
  const memoryWorld = createMemoryWorld({ clock: systemClock })
  const nodes: RunningNode[] = []
  try {
    for (const config of configs)
      nodes.push(await startNode({ ...config, store: 'memory:' }, { memoryWorld }))
    return nodes
  } catch (error) {
    await Promise.all(nodes.map((node) => node.stop()))
    throw error
  }
}
