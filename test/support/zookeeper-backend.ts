import { createClient } from 'node-zookeeper-client'
import { must } from '../../src/lib/assert.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Metrics, silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { Store } from '../../src/store/store.ts'
import { openZookeeperStore } from '../../src/store/zookeeper/zookeeper-store.ts'
import type { StoreFixture } from '../store/conformance/fixture.ts'
import { type Proxy, startProxy } from './proxy.ts'
import { type SessionCredentials, startTap, type Tap } from './zookeeper-tap.ts'

export interface ZookeeperClientOptions {
  sessionTimeoutMs?: number
  root?: string
  clock?: Clock
  metrics?: Metrics
}

/** A store, and what stands between it and each server: a proxy to hurt it with, and a tap to listen. */
export interface ZookeeperClient {
  readonly store: Store
  /** In the order of the servers. */
  readonly proxies: readonly Proxy[]
  readonly proxy: Proxy
  /** Of the session in force. */
  credentials(): SessionCredentials
  close(): Promise<void>
}

const sessionTimeoutMsDefault = 4_000

export async function openZookeeperClient(
  servers: readonly string[],
  options: ZookeeperClientOptions = {},
): Promise<ZookeeperClient> {
  const taps = await Promise.all(servers.map((server) => startTap(parse(server))))
  const proxies = await Promise.all(taps.map(({ port }) => startProxy({ host: '127.0.0.1', port })))
  const closeAround = async () => {
    await Promise.all(proxies.map((proxy) => proxy.close()))
    await Promise.all(taps.map((tap) => tap.close()))
  }
  try {
    const store = await openZookeeperStore({
      clock: options.clock ?? systemClock,
      entropy: systemEntropy,
      log: silentLog,
      metrics: options.metrics ?? silentMetrics,
      permanentRoots: ['perm'],
      sessionTimeoutMs: options.sessionTimeoutMs ?? sessionTimeoutMsDefault,
      servers: proxies.map(({ port }) => `127.0.0.1:${port}`),
      root: options.root ?? 'lotkeeper',
    })
    return {
      store,
      proxies,
      proxy: must(proxies[0], 'proxy'),
      credentials: () => newestOf(taps),
      async close() {
        await store.close()
        await closeAround()
      },
    }
  } catch (error) {
    await closeAround()
    throw error
  }
}

function newestOf(taps: readonly Tap[]): SessionCredentials {
  return must(
    taps.map(({ granted }) => granted).find((granted) => granted !== undefined),
    'session',
  )
}

/** What the conformance suite needs of a single server; `close` leaves the server running. */
export function createZookeeperFixture(
  server: string,
  defaults: { sessionTimeoutMs: number },
): StoreFixture {
  const clients = new Map<Store, ZookeeperClient>()
  const clientOf = (store: Store) => must(clients.get(store), 'client of this store')
  return {
    async open(options = {}) {
      const client = await openZookeeperClient([server], { ...defaults, ...options, root: 'suite' })
      clients.set(client.store, client)
      return client.store
    },
    expire: (store) => endSession(server, clientOf(store).credentials()),
    silence: (store) => clientOf(store).proxy.silence('both'),
    heal: (store) => clientOf(store).proxy.heal(),
    dropNextReply(store) {
      void clientOf(store).proxy.dropNextReply({ match: isMulti })
    },
    async close() {
      await Promise.all([...clients.values()].map((client) => client.close()))
    },
  }
}

/**
 * Ends a session from outside, as its expiry would: who has id and password may close it. Its owner notices that it was
 * taken over and takes it back, at times before our goodbye, so this goes on until the server says that it is over.
 */
export async function endSession(server: string, credentials: SessionCredentials): Promise<void> {
  const options = {
    sessionId: credentials.sessionId,
    sessionPassword: credentials.password,
  } as object
  for (let isOver = false; !isOver;) {
    const other = createClient(server, options)
    isOver = await new Promise<boolean>((resolve) => {
      other.once('expired', () => resolve(true))
      other.once('disconnected', () => resolve(false))
      other.once('connected', () => other.close())
      other.connect()
    })
    // So that the library does not come back: after `close` it stays away.
    if (!isOver) other.close()
  }
}

const multiCode = 14

/** Frames follow each other in a chunk: length, call id, code. */
export function isMulti(chunk: Buffer): boolean {
  for (let start = 0; start + 12 <= chunk.length; start += 4 + chunk.readInt32BE(start)) {
    if (chunk.readInt32BE(start + 8) === multiCode) return true
  }
  return false
}

function parse(server: string): { host: string; port: number } {
  const at = server.lastIndexOf(':')
  return { host: server.slice(0, at), port: Number(server.slice(at + 1)) }
}
