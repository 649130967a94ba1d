import { asError } from '../../src/lib/clock.ts'
import { defaultNodeConfig } from '../../src/node/config.ts'
import type { createMemoryCluster, MemoryNode } from '../../src/node/memory-nodes.ts'
import type { DemoDeed } from '../../src/protocol/demo.ts'
import { type DemoNode, type DemoNodeState, refuseDeed } from './demo-node.ts'

const deedsIn: Readonly<Record<DemoNodeState, readonly DemoDeed[]>> = {
  starting: [],
  running: ['kill'],
  frozen: [],
  dead: ['restart'],
}

/** A node of this process. It cannot be frozen alone, and a kill is as near to one as one process can come. */
export async function startMemoryDemoNode(
  cluster: ReturnType<typeof createMemoryCluster>,
  options: { port: number; nodeId: string; demoControl: string },
): Promise<DemoNode> {
  const config = { ...defaultNodeConfig, ...options, logLevel: 'error' as const }
  let node: MemoryNode | undefined
  let dying: Promise<void> | undefined
  let state: DemoNodeState = 'starting'

  const start = async () => {
    state = 'starting'
    try {
      await dying
      node = await cluster.start(config)
      state = 'running'
    } catch (error) {
      state = 'dead'
      throw asError(error)
    }
  }
  await start()
  const self: DemoNode = {
    nodeId: options.nodeId,
    url: `http://127.0.0.1:${options.port}`,
    pid: undefined,
    get state() {
      return state
    },
    get deeds() {
      return deedsIn[state]
    },
    async do(deed) {
      if (!self.deeds.includes(deed)) throw refuseDeed(self, deed)
      if (deed === 'restart') await start()
      else {
        // Its clients are gone at once; its port takes two seconds more.
        state = 'dead'
        dying = node?.kill()
      }
    },
    onDied: () => undefined,
    async stop() {
      await (state === 'running' ? node?.stop() : dying)
    },
  }
  return self
}
