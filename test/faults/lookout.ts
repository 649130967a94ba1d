import { sleep } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { ClusterJson } from '../../src/protocol/http.ts'
import type { Cluster } from './cluster.ts'
import type { Eyes } from './eyes.ts'
import { askNode, operatorToken } from './http.ts'
import { createNodeMetrics, type NodeMetrics } from './node-metrics.ts'
import type { Recorder } from './recorder.ts'

/** Asks every node and the store again and again who leads, and keeps each node's metrics before it dies. */
export interface Lookout {
  readonly metrics: NodeMetrics
  stop(): Promise<void>
}

const everyMs = 400

export function keepLookout(
  cluster: Cluster,
  eyes: Eyes,
  recorder: Recorder,
  folder: string,
): Lookout {
  const over = new AbortController()
  const metrics = createNodeMetrics(folder)
  const lookAtNode = async (node: Cluster['nodes'][number]) => {
    const { incarnation } = node
    const { body } = await askNode(node.url, '/cluster', {
      token: operatorToken,
      withinMs: 1_500,
    })
    const { leader } = body as ClusterJson
    if (leader !== null && node.incarnation === incarnation) {
      // A restarted node may see less than its former self did.
      const seenBy = `${node.nodeId}#${incarnation}`
      const term = String(leader.term)
      recorder.add({ t: 'leader', atMs: recorder.now(), seenBy, nodeId: leader.nodeId, term })
    }
    await metrics.scrape(node)
  }
  const lookAtStore = async () => {
    const beacon = await eyes.beacon()
    if (beacon === undefined) return
    const { term, timeMs } = beacon
    recorder.add({ t: 'beacon', atMs: recorder.now(), term: term.toString(), timeMs })
  }
  const again = async (look: () => Promise<void>) => {
    while (!over.signal.aborted) {
      // Whoever is dead or frozen just now tells nothing.
      await look().catch(() => undefined)
      await sleep(systemClock, everyMs, over.signal).catch(() => undefined)
    }
  }
  const loops = [
    again(lookAtStore),
    ...cluster.nodes.map((node) =>
      again(async () => {
        if (node.isUp) await lookAtNode(node)
      }),
    ),
  ]
  return {
    metrics,
    async stop() {
      over.abort()
      await Promise.all(loops)
      const last = cluster.upNodes().map((node) => metrics.scrape(node).catch(() => undefined))
      await Promise.all(last)
    },
  }
}
