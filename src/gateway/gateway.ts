import type { AddressInfo, Socket } from 'node:net'
import type { GatewayDeps } from './gateway-deps.ts'
import { createHttpApp } from './http/app.ts'
import { createHosts } from './hosts.ts'
import { createHttpServer } from './http-server.ts'
import { createIdentity } from './identity.ts'
import { createIsSecure } from './is-secure.ts'
import { createNodeEntrance } from './nodes/entrance.ts'
import { nodesPath } from './nodes/link-protocol.ts'
import { createOrigins } from './origins.ts'
import { createRates } from './rate.ts'
import { createSockets } from './ws/sockets.ts'

/** The transports of one node: parse, call the engine, encode. */
export interface Gateway {
  /** @param options port 0 takes any free one. @returns the port that was taken. @throws when it is not free */
  listen(options: { host: string; port: number }): Promise<{ port: number }>
  /** Sends the people on this node to another: call it once `isDraining` is true. HTTP goes on until `close`. */
  drain(): Promise<void>
  /** Cuts off whoever is still connected and frees the port. Harmless twice. */
  close(): Promise<void>
}

/** Answers that are under way when we close get this long. */
const closePatienceMs = 2_000

export function createGateway(deps: GatewayDeps): Gateway {
  const { engine, clock, limits, ownUrl, linkUrl, allowOrigins } = deps
  const rates = createRates(limits, deps.metrics)
  const identity = createIdentity({ guests: engine.guests, wrongTokens: rates.wrongTokens })
  const memberUrls = () => engine.cluster.memberUrls()
  const hosts = createHosts({
    urls: () => [
      ownUrl(),
      ...(linkUrl === undefined ? [] : [linkUrl]),
      ...allowOrigins,
      ...memberUrls(),
    ],
    allowHosts: deps.allowHosts,
  })
  const isSecure = createIsSecure({ ...deps, hasTls: deps.tls !== undefined })
  const origins = createOrigins({
    ...{ hosts, ownUrl, allowOrigins, memberUrls },
    demoControl: deps.demoControl,
  })
  const parts = { ...deps, identity, hosts, isSecure, origins, rates }
  const sockets = createSockets(parts)
  const app = createHttpApp({ ...parts, onSessionEnded: (token) => sockets.sessionEnded(token) })
  const server = createHttpServer(limits, deps.tls, app)
  const connections = new Set<Socket>()
  server.on('connection', (socket) => {
    connections.add(socket)
    socket.once('close', () => connections.delete(socket))
  })
  const nodes =
    deps.forwarding && createNodeEntrance({ ...parts, ...deps.forwarding, passes: engine.nodes })
  server.on('upgrade', (request, socket, head) => {
    const isNode = nodes !== undefined && request.url === nodesPath
    const { onUpgrade } = isNode ? nodes : sockets
    onUpgrade(request, socket, head)
  })

  return {
    listen: ({ host, port }) =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen({ host, port }, () => {
          server.off('error', reject)
          resolve({ port: (server.address() as AddressInfo).port })
        })
      }),
    async drain() {
      await sockets.drain()
      nodes?.drain()
    },
    async close() {
      sockets.stop()
      nodes?.stop()
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const patience = clock.setTimer(closePatienceMs, () => {
        for (const socket of connections) socket.destroy()
      })
      await closed
      patience.cancel()
    },
  }
}
