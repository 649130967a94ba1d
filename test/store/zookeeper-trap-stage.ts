import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'
import { afterAll, afterEach, beforeAll } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import type { Backend, ProvidedStore } from '../support/backends.ts'
import { connectNaive, type NaiveClient, quit } from '../support/naive-zookeeper.ts'
import { type Proxy, startProxy } from '../support/proxy.ts'
import {
  openZookeeperClient,
  type ZookeeperClient,
  type ZookeeperClientOptions,
} from '../support/zookeeper-backend.ts'

export const sessionTimeoutMs = 3_000

/** One server, and clients of both kinds on it: the library as it comes, and our store. All are closed after each test. */
export interface TrapStage {
  readonly servers: readonly string[]
  readonly server: { host: string; port: number }
  proxied(): Promise<Proxy>
  naive(port?: number, timeoutMs?: number): Promise<NaiveClient>
  ours(options?: ZookeeperClientOptions, servers?: readonly string[]): Promise<ZookeeperClient>
  /** A server of the test's own; its port. */
  listener(onSocket: (socket: Socket) => void): Promise<number>
  /** A name that no test has used. */
  fresh(): string
  /** To be done after the test, newest first. */
  later(end: () => Promise<void> | void): void
}

/** To be called inside a `describe`. */
export function setTrapStage(backend: Backend | undefined): TrapStage {
  let provided: ProvidedStore
  let server: { host: string; port: number }
  let endings: (() => Promise<void> | void)[] = []
  let serial = 0

  beforeAll(async () => {
    provided = await must(backend, 'backend').start()
    const [host, port] = must(provided.servers[0], 'server').split(':')
    server = { host: must(host, 'host'), port: Number(port) }
  })
  afterEach(async () => {
    for (const end of endings.reverse()) await end()
    endings = []
  })
  afterAll(() => provided.stop())

  return {
    get servers() {
      return provided.servers
    },
    get server() {
      return server
    },
    async proxied() {
      const proxy = await startProxy(server)
      endings.push(() => proxy.close())
      return proxy
    },
    async naive(port = server.port, timeoutMs = sessionTimeoutMs) {
      const client = await connectNaive(port, timeoutMs)
      endings.push(() => quit(client))
      return client
    },
    async ours(options = {}, servers = provided.servers) {
      const own = { sessionTimeoutMs, root: 'traps', ...options }
      const client = await openZookeeperClient(servers, own)
      endings.push(() => client.close())
      return client
    },
    async listener(onSocket) {
      const listening = createServer(onSocket)
      const sockets: Socket[] = []
      listening.on('connection', (socket) => sockets.push(socket.on('error', () => undefined)))
      const port = await listen(listening)
      endings.push(() => {
        for (const socket of sockets) socket.destroy()
        listening.close()
      })
      return port
    },
    fresh: () => `t${++serial}`,
    later: (end) => void endings.push(end),
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port))
  })
}
