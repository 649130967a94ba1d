import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { createLocks } from '../../src/recipes/lock.ts'
import { openEtcdStore } from '../../src/store/etcd/etcd-store.ts'
import { openZookeeperStore } from '../../src/store/zookeeper/zookeeper-store.ts'
import type { BackendKind, ProvidedStore } from '../support/backends.ts'
import { type Proxy, startProxy } from '../support/proxy.ts'

export const sessionTimeoutMs = 4_000
export const lockPatienceMs = 1_000

export type RealNode = Awaited<ReturnType<typeof openRealNode>>

/** A node on a real store: on one member of the ensemble only, through a proxy of its own that can fall silent. */
export async function openRealNode(provided: ProvidedStore, index: number, root: string) {
  const { servers } = provided
  const server = must(servers[index % servers.length], 'server')
  const at = server.lastIndexOf(':')
  const proxy = await startProxy({ host: server.slice(0, at), port: Number(server.slice(at + 1)) })
  const nodeId = `node-${index + 1}`
  const counted = new Map<string, number>()
  const metrics: Metrics = {
    count: (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by),
    observe: () => undefined,
    gauge: () => undefined,
  }
  const shared = { clock: systemClock, entropy: systemEntropy, log: silentLog, metrics }
  const store = await openStore(provided.kind, proxy, root, shared)
  const deps = { ...shared, store, nodeId, lockPatienceMs, sessionTimeoutMs }
  return {
    nodeId,
    store,
    deps,
    proxy,
    locks: createLocks(deps),
    count: (name: string) => counted.get(name) ?? 0,
    async close() {
      proxy.heal()
      await store.close()
      await proxy.close()
    },
  }
}

function openStore(
  kind: BackendKind,
  { port }: Proxy,
  root: string,
  shared: Pick<Parameters<typeof openEtcdStore>[0], 'clock' | 'entropy' | 'log' | 'metrics'>,
) {
  const open = kind === 'etcd' ? openEtcdStore : openZookeeperStore
  return open({
    ...shared,
    servers: [`127.0.0.1:${port}`],
    root,
    permanentRoots: ['head', 'clock'],
    sessionTimeoutMs,
  })
}
