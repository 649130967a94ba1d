import type { DemoDeed } from '../../src/protocol/demo.ts'
import { type ChildNode, type ChildNodeOptions, startChildNode } from './child-node.ts'
import { type DemoNode, type DemoNodeState, refuseDeed } from './demo-node.ts'

const deedsIn: Readonly<Record<DemoNodeState, readonly DemoDeed[]>> = {
  starting: [],
  running: ['kill', 'freeze'],
  frozen: ['thaw', 'kill'],
  dead: ['restart'],
}

/** A node in a process of its own, killed by SIGKILL and frozen by SIGSTOP. @throws when it does not start */
export async function startProcessNode(options: ChildNodeOptions): Promise<DemoNode> {
  const { nodeId, port } = options
  let child: ChildNode | undefined
  let state: DemoNodeState = 'starting'
  let onDied: () => void = () => undefined

  const start = async () => {
    state = 'starting'
    try {
      const started = await startChildNode(options)
      child = started
      state = 'running'
      void started.exited.then(() => {
        if (child !== started) return
        child = undefined
        state = 'dead'
        onDied()
      })
    } catch (error) {
      state = 'dead'
      throw error
    }
  }
  const kill = async () => {
    const victim = child
    child = undefined
    state = 'dead'
    await victim?.kill()
  }
  const deeds: Readonly<Record<DemoDeed, () => Promise<void> | void>> = {
    kill,
    restart: start,
    freeze() {
      child?.signal('SIGSTOP')
      state = 'frozen'
    },
    thaw() {
      child?.signal('SIGCONT')
      state = 'running'
    },
  }
  await start()
  const self: DemoNode = {
    nodeId,
    url: `http://127.0.0.1:${port}`,
    get pid() {
      return child?.pid
    },
    get state() {
      return state
    },
    get deeds() {
      return deedsIn[state]
    },
    async do(deed) {
      if (!self.deeds.includes(deed)) throw refuseDeed(self, deed)
      await deeds[deed]()
    },
    onDied: (listener) => (onDied = listener),
    async stop() {
      const last = child
      child = undefined
      // A frozen one would hear of its end only when it is too late.
      last?.signal('SIGCONT')
      await last?.stop()
    },
  }
  return self
}
