import { WebSocketServer, type ServerOptions } from 'ws'
import type { Clock } from '../lib/clock.ts'
import { Fault } from './fault.ts'
import { refuseUpgrade } from './refuse-upgrade.ts'

/** Makes WebSockets of connections that may become one; a handshake that is none gets a problem. */
export function createUpgradeServer(deps: {
  nodeId: string
  clock: Clock
  frameBytesMax: number
  handleProtocols: NonNullable<ServerOptions['handleProtocols']>
}): WebSocketServer {
  const { nodeId, clock, frameBytesMax, handleProtocols } = deps
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: frameBytesMax,
    perMessageDeflate: false,
    handleProtocols,
  })
  server.on('headers', (headers) => headers.push(`X-Lotkeeper-Node: ${nodeId}`))
  server.on('wsClientError', (error, socket) => {
    refuseUpgrade(socket, new Fault('bad-request', `${error.message}.`), nodeId, clock)
  })
  return server
}
