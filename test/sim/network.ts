import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { NodeLinks } from '../../src/engine/forwarding.ts'
import type { FetchLike, SocketConstructor, SocketLike } from '../../src/client/platform.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import { asError } from '../../src/lib/clock.ts'
import type { AppAnswer, AppCall } from './ask-app.ts'
import type { SimProcess } from './process.ts'
import { createSimLinks, type LinkEnd, type SimLinks } from './sim-links.ts'
import { connectSocket, type SimConnection, type Weather } from './sim-socket.ts'
import type { SimTime } from './sim-time.ts'

/** What listens at a URL: one incarnation of a node. */
export interface Listener extends LinkEnd {
  accept(socket: WebSocket, request: IncomingMessage): void
  answer(call: AppCall): Promise<AppAnswer>
}

/** The network between people and nodes. Between nodes and store there is another (sim-store.ts). */
export interface Network {
  listen(url: string, listener: Listener): void
  /** The node's process is gone. `isTold`: its machine is not, and resets the connections. */
  died(url: string, isTold: boolean): void
  /** What a client's platform has: its own fetch and WebSocket. */
  platformOf(client: SimProcess): { fetch: FetchLike; WebSocket: SocketConstructor }
  /** A node's ways to the others. */
  linksOf(node: SimProcess): NodeLinks
  /** Nothing passes between these (any, where undefined) until `clear`. */
  silence(client: string | undefined, url: string | undefined): void
  clear(): void
  /** Resets all sockets of a client. */
  cut(client: string): void
}

const fastMs = { least: 0.2, spread: 3 }
/** Now and then a packet takes much longer. */
const slow = { share: 0.02, spreadMs: 120 }

export function createNetwork(deps: {
  time: SimTime
  entropy: Entropy
  byteWeight: number
}): Network {
  const { time, entropy, byteWeight } = deps
  const listeners = new Map<string, Listener>()
  const links = new Set<SimLinks>()
  const connections = new Set<SimConnection & { client: string; url: string }>()
  let silences: { client: string | undefined; url: string | undefined }[] = []

  const isSilentFor = (client: string, url: string) =>
    silences.some((s) => (s.client ?? client) === client && (s.url ?? url) === url)
  const latencyMs = () =>
    entropy.random() < slow.share
      ? entropy.random() * slow.spreadMs
      : fastMs.least + entropy.random() * fastMs.spread
  const refresh = () => {
    for (const connection of connections) connection.refresh()
    for (const one of links) one.refresh()
    const waiting = [...blocked]
    blocked.clear()
    for (const again of waiting) again()
  }
  /** What cannot pass now, to be tried again. */
  const blocked = new Set<() => void>()
  const pass = (client: string, url: string, arrive: () => void) => {
    time.after(latencyMs(), () => {
      if (isSilentFor(client, url)) blocked.add(() => pass(client, url, arrive))
      else arrive()
    })
  }
  const weatherOf = (client: string, url: string): Weather => ({
    latencyMs,
    isSilent: () => isSilentFor(client, url),
  })

  const socketClassFor = (client: SimProcess): SocketConstructor =>
    class implements SocketLike {
      onopen: SocketLike['onopen'] = null
      onmessage: SocketLike['onmessage'] = null
      onclose: SocketLike['onclose'] = null
      onerror: SocketLike['onerror'] = null
      connection: ReturnType<typeof connectSocket> | undefined
      isClosed = false

      constructor(socketUrl: string) {
        const url = socketUrl.replace(/^ws/, 'http').replace(/\/ws$/, '')
        pass(client.name, url, () => this.open(url))
      }
      open(url: string): void {
        const { name } = client
        const listener = listeners.get(url)
        if (this.isClosed) return
        if (listener === undefined) {
          pass(name, url, () => client.enter(() => this.onclose?.({ code: 1006 } as never)))
          return
        }
        listener.process.enter(() => {
          if (this.isClosed) return
          const made = connectSocket({
            ...{ time, entropy, byteWeight, client, page: this, node: listener.process },
            weather: weatherOf(name, url),
            onGone: () => connections.delete(entry),
          })
          const entry = Object.assign(made, { client: name, url })
          connections.add(entry)
          this.connection = made
          const request = { socket: { remoteAddress: name }, headers: {} }
          listener.accept(made.socket, request as unknown as IncomingMessage)
        })
      }
      send(frame: string): void {
        this.connection?.up(frame)
      }
      close(): void {
        this.isClosed = true
        this.connection?.clientClosed()
      }
    }

  const fetchFor =
    (client: SimProcess): FetchLike =>
    (target, { method, headers, body, signal }) =>
      new Promise((resolve, reject) => {
        const { origin, pathname, search } = new URL(target)
        signal.addEventListener('abort', () => reject(asError(signal.reason)), { once: true })
        const back = (happen: () => void) => pass(client.name, origin, () => client.enter(happen))
        pass(client.name, origin, () => {
          const listener = listeners.get(origin)
          if (listener === undefined) {
            back(() => reject(connectionRefused()))
            return
          }
          listener.process.enter(() => {
            const call = { method, path: pathname + search, headers, body, address: client.name }
            void listener.answer(call).then((answer) => {
              back(() => resolve(responseOf(answer)))
            })
          })
        })
      })

  return {
    listen: (url, listener) => listeners.set(url, listener),
    died(url, isTold) {
      listeners.delete(url)
      for (const connection of [...connections])
        if (connection.url === url) connection.nodeDied(isTold)
      for (const one of links) one.died(url, isTold)
    },
    linksOf(from) {
      const endAt = (url: string) => listeners.get(url)
      const weatherTo = (url: string) => weatherOf(from.name, url)
      const made = createSimLinks({ time, entropy, from, endAt, weatherTo })
      links.add(made)
      return made
    },
    platformOf: (client) => ({ fetch: fetchFor(client), WebSocket: socketClassFor(client) }),
    silence(client, url) {
      silences.push({ client, url })
    },
    clear() {
      silences = []
      refresh()
    },
    cut(client) {
      for (const connection of [...connections]) if (connection.client === client) connection.cut()
    },
  }
}

function connectionRefused(): Error {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
  return new TypeError('fetch failed', { cause })
}

function responseOf({ status, headers, text }: AppAnswer): Awaited<ReturnType<FetchLike>> {
  return {
    status,
    headers: { get: (name) => headers[name.toLowerCase()] ?? null },
    text: async () => text,
  }
}
