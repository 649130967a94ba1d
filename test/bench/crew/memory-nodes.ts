import { startMemoryNodes } from '../../../src/node/memory-nodes.ts'
import { defaultNodeConfig } from '../../../src/node/config.ts'
import { benchLimits } from '../bench-limits.ts'
import { writeOwnHeap } from '../memory.ts'

/** A memory store lives in one process: its nodes share it, and the processor. */
export async function openMemoryNodes(options: { nodeIds: readonly string[] }) {
  const nodes = await startMemoryNodes(
    options.nodeIds.map((nodeId) => ({
      ...defaultNodeConfig,
      port: 0,
      nodeId,
      logLevel: 'error',
      limits: benchLimits,
    })),
  )
  return {
    async addresses() {
      return nodes.map(({ nodeId, url }) => ({ nodeId, url }))
    },
    async writeHeap({ file }: { file: string }) {
      writeOwnHeap(file)
    },
    async close() {
      await Promise.all(nodes.map((node) => node.stop()))
    },
  }
}
