import { createServer, type ServerOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { answerClientErrors } from './connections/client-errors.ts'
import { createConnections } from './connections/connections.ts'
import { createRequestLine } from './connections/request-line.ts'
import { routeUpgrades } from './connections/upgrades.ts'
import type { ProtocolLimits } from '../protocol/limits.ts'
import { createSessionCookies } from './cookie.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { createHttpApp } from './http/app.ts'
import { createIdentity } from './identity.ts'
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

/** How often requests that come in drop by drop are looked for. */
const slowLookEveryMs = 5_000
/** Smaller bodies are not counted among what is not taken: their number is bounded on each connection. */
const bodyBytesCounted = 2_048
/** Longer than a proxy before us keeps its connections, so that none is closed under a request on its way. */
const keepAliveMs = 65_000

export function createGateway(deps: GatewayDeps): Gateway {
  const { engine, clock, limits, ownUrl, allowOrigins } = deps
  const rates = createRates(deps)
  const identity = createIdentity({ ...deps, rates, guests: engine.guests })
  const origins = createOrigins({
    ownUrl,
    allowOrigins,
    demoControl: deps.demoControl,
    memberUrls: () => engine.cluster.memberUrls(),
  })
  const isSecure = () => ownUrl().startsWith('https:')
  const cookies = createSessionCookies({ ...deps, isSecure })
  const parts = { ...deps, identity, origins, rates, cookies }
  const sockets = createSockets(parts)
  const server = createServer(serverOptions(limits))
  const connections = createConnections(server, deps)
  const app = createHttpApp({
    ...parts,
    onBody(res, bytes) {
      const held = connections.of(res.req.socket)
      if (held === undefined || bytes < bodyBytesCounted) return
      connections.hold(held, bytes)
      // Before the next request in line looks at what is not taken.
      res.prependOnceListener('close', () => connections.release(held, bytes))
    },
  })
  const unansweredMax = limits.requestsUnansweredMax
  const onRequest = createRequestLine({ clock, connections, unansweredMax, onRequest: app })
  server.on('request', onRequest)
  server.on('checkExpectation', onRequest)
  answerClientErrors(server, { ...deps, connections })
  const nodes =
    deps.forwarding &&
    createNodeEntrance({
      ...{ ...deps, ...deps.forwarding, passes: engine.nodes },
      onAdmitted: (socket) => connections.keep(socket),
    })
  routeUpgrades(server, {
    ...{ ...deps, connections },
    pick: ({ url }) => (nodes !== undefined && url === nodesPath ? nodes : sockets).onUpgrade,
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
      connections.stop()
      if (!server.listening) return
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      const patience = clock.setTimer(closePatienceMs, () => connections.cutAll())
      await closed
      patience.cancel()
    },
  }
}

function serverOptions(limits: ProtocolLimits): ServerOptions {
  const { headersTimeoutMs, headerBytesMax, requestTimeoutMs } = limits
  return {
    maxHeaderSize: headerBytesMax,
    requestTimeout: requestTimeoutMs,
    headersTimeout: headersTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(slowLookEveryMs, headersTimeoutMs),
    // We say so ourselves, by a problem.
    requireHostHeader: false,
  }
}
