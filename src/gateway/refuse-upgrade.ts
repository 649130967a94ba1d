import { randomUUID } from 'node:crypto'
import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Fault } from './fault.ts'
import { problemOf } from './problem.ts'

/** Who asked for a socket and gets none is told why by the problem that a request would get; `ws` itself can only send bare text. */
export function refuseUpgrade(socket: Duplex, fault: Fault, nodeId: string): void {
  const requestId = randomUUID()
  const { status, headers, body } = problemOf(fault, requestId)
  const lines = Object.entries({
    ...headers,
    Connection: 'close',
    'Content-Length': Buffer.byteLength(body),
    'X-Lotkeeper-Node': nodeId,
    'X-Request-Id': requestId,
  }).map(([name, value]) => `${name}: ${value}`)
  socket.end([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n'))
}
