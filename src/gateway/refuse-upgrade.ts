import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Clock } from '../lib/clock.ts'
import type { Fault } from './fault.ts'
import { problemOf } from './problem.ts'

/** A caller that does not close its end after the refusal is cut off after this. */
const closePatienceMs = 2_000

/**
 * Answers on a bare socket with the problem that a request would get, and ends it: nothing is left of it when the caller has closed
 * its end, or after two seconds.
 */
export function refuseUpgrade(socket: Duplex, fault: Fault, nodeId: string, clock: Clock): void {
  const requestId = randomUUID()
  const { status, headers, body } = problemOf(fault, requestId)
  const lines = Object.entries({
    ...headers,
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
    'X-Lotkeeper-Node': nodeId,
    'X-Request-Id': requestId,
  }).map(([name, value]) => `${name}: ${value}`)
  endSoon(socket, clock)
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'))
}

/** What still comes is read and dropped: Node destroys a socket only once both of its ends are over. */
function endSoon(socket: Duplex, clock: Clock): void {
  if (socket.destroyed) return
  const patience = clock.setTimer(closePatienceMs, () => socket.destroy())
  socket.once('close', () => patience.cancel())
  socket.on('error', () => socket.destroy())
  socket.resume()
}
