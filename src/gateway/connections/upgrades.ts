import type { IncomingMessage, Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock } from '../../lib/clock.ts'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import type { OnUpgrade } from '../ws/upgrade.ts'
import type { Connections } from './connections.ts'
import { asksForWebSocket, ignoreUpgrade } from './ignored-upgrade.ts'
import { onceAnswered } from './request-line.ts'
import { headerFault } from './strict-headers.ts'

/** Every request to upgrade a connection: to a WebSocket it goes to whoever `pick` names, to anything else it is ignored. */
export function routeUpgrades(
  server: Server,
  deps: {
    nodeId: string
    clock: Clock
    connections: Connections
    pick: (request: IncomingMessage) => OnUpgrade
  },
): void {
  const { nodeId, clock, connections, pick } = deps
  server.on('upgrade', (request, socket: Socket, head) => {
    const held = connections.of(socket)
    if (held === undefined) {
      socket.destroy()
      return
    }
    socket.on('error', destroy)
    onceAnswered(held, () => {
      socket.off('error', destroy)
      if (!asksForWebSocket(request)) {
        ignoreUpgrade(server, request, socket, head)
        return
      }
      held.isUpgraded = true
      const fault = headerFault(request)
      if (fault === undefined) pick(request)(request, socket, head)
      else refuseUpgrade(socket, fault, nodeId, clock)
    })
  })
}

/** Not a closure of the upgrade: that would keep the request for as long as anybody listens. */
function destroy(this: Socket): void {
  this.destroy()
}
