import type { AddressInfo } from 'node:net'
import { answerClientErrors } from './connections/client-errors.ts'
import { createConnections } from './connections/connections.ts'
import { createRequestLine } from './connections/request-line.ts'
import { routeUpgrades } from './connections/upgrades.ts'
import { createSessionCookies } from './cookie.ts'
import type { GatewayDeps } from './gateway-deps.ts'
import { createHttpApp } from './http/app.ts'
import { createHosts, type Hosts } from './hosts.ts'
import { createHttpServer } from './http-server.ts'
import { createIdentity } from './identity.ts'
import { createIsSecure, type IsSecure } from './is-secure.ts'
import { createNodeEntrance } from './nodes/entrance.ts'
import { nodesPath } from './nodes/link-protocol.ts'
import { createOrigins, type Origins } from './origins.ts'
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

/** Smaller bodies are not counted among what is not taken: their number is bounded on each connection. */
const bodyBytesCounted = 2_048

export function createGateway(deps: GatewayDeps): Gateway {
  const { engine, clock, limits } = deps
  const rates = createRates(deps)
  const identity = createIdentity({ ...deps, rates, guests: engine.guests })
  const names = namesOf(deps)
  const cookies = createSessionCookies({ ...deps, isSecure: names.isSecure })
  const parts = { ...deps, identity, ...names, rates, cookies }
  const sockets = createSockets(parts)
  const server = createHttpServer(limits, deps.tls)
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
      ...{ ...parts, ...deps.forwarding, passes: engine.nodes },
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

/** By which names this node is called, over what, and from which pages. */
function namesOf(deps: GatewayDeps): { hosts: Hosts; isSecure: IsSecure; origins: Origins } {
  const { engine, ownUrl, linkUrl, allowOrigins, allowHosts, demoControl } = deps
  const memberUrls = () => engine.cluster.memberUrls()
  const linkUrls = linkUrl === undefined ? [] : [linkUrl]
  const urls = () => [ownUrl(), ...linkUrls, ...allowOrigins, ...memberUrls()]
  const hosts = createHosts({ urls, allowHosts })
  const isSecure = createIsSecure({ ...deps, hasTls: deps.tls !== undefined })
  const origins = createOrigins({ hosts, ownUrl, allowOrigins, memberUrls, demoControl })
  return { hosts, isSecure, origins }
}
