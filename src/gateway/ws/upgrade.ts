import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { WebSocket } from 'ws'
import type { Clock } from '../../lib/clock.ts'
import type { ErrorCode } from '../../protocol/error-code.ts'
import { socketPath, subprotocol } from '../../protocol/version.ts'
import { Fault } from '../fault.ts'
import type { Hosts } from '../hosts.ts'
import type { IsSecure } from '../is-secure.ts'
import type { Origins } from '../origins.ts'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import { createUpgradeServer } from '../upgrade-server.ts'

export type OnUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** Lets in who asks at the right path, from an allowed page (or from none), and speaks our protocol (or names none). */
export function createUpgrade(deps: {
  clock: Clock
  nodeId: string
  origins: Origins
  hosts: Hosts
  isSecure: IsSecure
  frameBytesMax: number
  onSocket: (socket: WebSocket, request: IncomingMessage) => void
  /** For the security log. */
  onRefused: (code: ErrorCode, request: IncomingMessage) => void
}): OnUpgrade {
  const { clock, nodeId, frameBytesMax, onSocket, onRefused } = deps
  const handleProtocols = (offered: Set<string>) =>
    offered.has(subprotocol) ? subprotocol : (false as const)
  const server = createUpgradeServer({ nodeId, clock, frameBytesMax, handleProtocols })
  return (request, socket, head) => {
    socket.on('error', destroy)
    const refused = refusalOf(request, deps)
    if (refused === undefined) {
      server.handleUpgrade(request, socket, head, (webSocket) => {
        // From here on it is the web socket's to listen.
        socket.off('error', destroy)
        onSocket(webSocket, request)
      })
      return
    }
    onRefused(refused, request)
    refuseUpgrade(socket, new Fault(refused), nodeId, clock)
  }
}

/** Not a closure of the upgrade: that would keep the request for as long as anybody listens. */
function destroy(this: Duplex): void {
  this.destroy()
}

function refusalOf(
  request: IncomingMessage,
  { hosts, origins, isSecure }: { hosts: Hosts; origins: Origins; isSecure: IsSecure },
): ErrorCode | undefined {
  const { origin, host } = request.headers
  if (!hosts.isOurs(host)) return 'wrong-host'
  const path = request.url?.split('?', 1)[0]
  if (path !== socketPath) return 'no-such-route'
  if (origin !== undefined && !origins.isAllowed(origin, { host, isSecure: isSecure(request) })) {
    return 'origin-not-allowed'
  }
  const offered = request.headers['sec-websocket-protocol']
  const isOurs = offered?.split(',').some((name) => name.trim() === subprotocol) ?? true
  return isOurs ? undefined : 'bad-request'
}
