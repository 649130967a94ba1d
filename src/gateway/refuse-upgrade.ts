import { STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { errorCodes } from '../protocol/error-code.ts'
import type { Fault } from './fault.ts'

/** Answers who asked for a socket with a problem, as any other request, and hangs up. */
export function refuseUpgrade(socket: Duplex, fault: Fault, nodeId: string): void {
  const { status, title } = errorCodes[fault.code]
  const type = `urn:lotkeeper:problem:${fault.code}`
  const body = JSON.stringify({ type, title, status, detail: fault.message, code: fault.code })
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
      'Connection: close',
      'Content-Type: application/problem+json',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Lotkeeper-Node: ${nodeId}`,
      '',
      body,
    ].join('\r\n'),
  )
}
