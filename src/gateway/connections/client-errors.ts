import type { Server } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../lib/clock.ts'
import { Fault } from '../fault.ts'
import { refuseUpgrade } from '../refuse-upgrade.ts'
import type { Connections } from './connections.ts'

/** Tells by a problem what is no HTTP, or not within its limits, and ends the connection. */
export function answerClientErrors(
  server: Server,
  deps: { nodeId: string; clock: Clock; connections: Connections },
): void {
  const { nodeId, clock, connections } = deps
  // The parser complains again about whatever still comes.
  const refused = new WeakSet<Duplex>()
  server.on('clientError', (error: Error & { code?: string }, socket) => {
    if (refused.has(socket)) return
    refused.add(socket)
    const held = 'remoteAddress' in socket ? connections.of(socket as never) : undefined
    // Between the bytes of another answer nothing can be told.
    if (!socket.writable || held === undefined || held.unansweredCount > 0) socket.destroy()
    else refuseUpgrade(socket, faultOf(error.code), nodeId, clock)
  })
}

function faultOf(code: string | undefined): Fault {
  switch (code) {
    case 'HPE_HEADER_OVERFLOW':
      return new Fault('headers-too-large')
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new Fault('too-large')
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new Fault('request-timeout')
    default:
      return new Fault('bad-request', 'This is no HTTP request.')
  }
}
