import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { createNodePasses } from '../../../src/engine/node-passes.ts'
import { keys } from '../../../src/engine/keyspace.ts'
import { dial } from '../../../src/gateway/nodes/dial.ts'
import { must } from '../../../src/lib/assert.ts'
import { systemEntropy } from '../../../src/lib/entropy.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { silentMetrics } from '../../../src/lib/metrics.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { openStore } from '../../../src/node/open-store.ts'
import { placesOf } from '../../../src/recipes/queue.ts'
import { nameOf } from '../../../src/store/key.ts'
import type { Stage } from './stage.ts'

/** Makes handshakes that the first node lets in at /nodes, with the store's own secret, as a node of the cluster would. */
export interface NodeHandshakes {
  /** The headers of a new one; each shows a pass of its own, where passes differ. */
  next(): Promise<string[]>
  close(): Promise<void>
}

/** @throws on an embedded store: only its node may open it */
export async function openNodeHandshakes(stage: Stage): Promise<NodeHandshakes> {
  const { store } = await openStore(must(stage.storeUrl, 'a store to look into'), {
    ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
    sessionTimeoutMs: 6_000,
  })
  const places = await placesOf(store, keys.members)
  const names = places.map(({ key }) => nameOf(key))
  const own = names.findLast((name) => name.startsWith(`${stage.node.nodeId}~`))
  const sessionId = must(own, 'the node among the members').slice(stage.node.nodeId.length + 1)
  // The nodes' wall clocks are ours, so cluster time is near.
  const time = { now: () => systemClock.wallMs() }
  const passes = createNodePasses({ store, entropy: systemEntropy, clock: systemClock, time })
  const pass = (to: string, from: string) => passes.pass({ to, from })
  const recorder = await startRecorder()
  return {
    async next() {
      const recorded = recorder.next()
      const to = { nodeId: stage.node.nodeId, sessionId, url: recorder.url }
      const ignore = () => undefined
      const deps = { clock: systemClock, pass, ownSessionId: () => store.session.id }
      const wire = dial(to, deps, { open: ignore, text: ignore, over: ignore })
      const text = await recorded
      wire.cut('recorded')
      return text.split('\r\n').slice(1).filter(isOwn)
    },
    async close() {
      recorder.stop()
      await store.close()
    },
  }
}

/** What every handshake has is added by whoever sends it. */
function isOwn(line: string): boolean {
  return line !== '' && !/^(?:host|connection|upgrade|sec-websocket-(?:version|key)):/i.test(line)
}

async function startRecorder() {
  let heard: ((text: string) => void) | undefined
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', (chunk) => heard?.(chunk.toString('latin1')))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    next: () => new Promise<string>((resolve) => (heard = resolve)),
    stop: () => server.close(),
  }
}
