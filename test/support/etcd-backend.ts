import { must } from '../../src/lib/assert.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { type Log, silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openEtcdStore } from '../../src/store/etcd/etcd-store.ts'
import type { Store } from '../../src/store/store.ts'
import type { StoreFixture } from '../store/conformance/fixture.ts'
import { startProxy, type Proxy } from './proxy.ts'

export interface EtcdClientOptions {
  sessionTimeoutMs?: number
  root?: string
  clock?: Clock
  log?: Log
}

/** A store and the proxies that stand between it and the members, in their order. */
export interface EtcdClient {
  readonly store: Store
  readonly proxies: readonly Proxy[]
  /** The only one, of a single server. */
  readonly proxy: Proxy
  close(): Promise<void>
}

const sessionTimeoutMsDefault = 6_000

/** One client, with a proxy of its own before each server (`host:port`). */
export async function openEtcdClient(
  servers: readonly string[],
  options: EtcdClientOptions = {},
): Promise<EtcdClient> {
  const proxies = await Promise.all(servers.map((server) => startProxy(addressOf(server))))
  const close = async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()))
  }
  try {
    const store = await openEtcdStore({
      clock: options.clock ?? systemClock,
      entropy: systemEntropy,
      log: options.log ?? silentLog,
      metrics: silentMetrics,
      permanentRoots: ['perm'],
      sessionTimeoutMs: options.sessionTimeoutMs ?? sessionTimeoutMsDefault,
      servers: proxies.map(({ port }) => `127.0.0.1:${port}`),
      root: options.root ?? 'lotkeeper',
    })
    return {
      store,
      proxies,
      proxy: must(proxies[0], 'proxy'),
      async close() {
        await store.close()
        await close()
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** What the conformance suite needs of a single server; `close` leaves the server running. */
export function createEtcdFixture(
  server: string,
  defaults: { sessionTimeoutMs: number },
): StoreFixture {
  const root = `suite-${systemEntropy.token(6)}`
  const clients = new Map<Store, EtcdClient>()
  const clientOf = (store: Store) => must(clients.get(store), 'client of this store')
  return {
    async open(options = {}) {
      const client = await openEtcdClient([server], { ...defaults, ...options, root })
      clients.set(client.store, client)
      return client.store
    },
    expire: (store) => endEtcdSession(server, store.session.id),
    silence: (store) => clientOf(store).proxy.silence('both'),
    heal: (store) => clientOf(store).proxy.heal(),
    dropNextReply(store) {
      const isCommit = (chunk: Buffer) =>
        chunk.toString('latin1').replaceAll(`${root}/:probe~`, '').includes(`${root}/`)
      void clientOf(store).proxy.dropNextReply({ match: isCommit })
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()))
    },
  }
}

/** Ends a session from outside, as its expiry would. */
async function endEtcdSession(server: string, sessionId: string): Promise<void> {
  await askEtcd(server, 'lease/revoke', { ID: BigInt(`0x${sessionId}`).toString() })
}

/** One call of etcd's JSON gateway, around every proxy. */
export async function askEtcd(
  server: string,
  method: string,
  body: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`http://${server}/v3/${method}`, {
    method: 'POST',
    body: JSON.stringify(body),
  })
  const answer = (await response.json()) as Record<string, unknown>
  if (!response.ok) throw new Error(`etcd: ${JSON.stringify(answer)}`)
  return answer
}

export function addressOf(server: string): { host: string; port: number } {
  const [host, port] = server.split(':')
  return { host: must(host, 'host'), port: Number(port) }
}
