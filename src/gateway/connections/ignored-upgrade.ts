import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { TLSSocket } from 'node:tls'

/** Headers that only say which upgrade was meant. */
const dropped = new Set(['upgrade', 'http2-settings'])

export function asksForWebSocket({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * Serves a request that asks for an upgrade which we do not know as if it did not (RFC 9110, 7.8): the server reads it again without
 * those headers, then what followed it. Its body, if it has one, is in `head` and in what still comes.
 */
export function ignoreUpgrade(
  server: Server,
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${request.method ?? 'GET'} ${request.url ?? '/'} HTTP/${request.httpVersion}`]
  for (let place = 0; place < request.rawHeaders.length; place += 2) {
    const name = request.rawHeaders[place] ?? ''
    const value = request.rawHeaders[place + 1] ?? ''
    const lowerName = name.toLowerCase()
    if (dropped.has(lowerName)) continue
    lines.push(`${name}: ${lowerName === 'connection' ? withoutUpgrade(value) : value}`)
  }
  const text = [...lines, '', ''].join('\r\n')
  socket.unshift(Buffer.concat([Buffer.from(text, 'latin1'), head]))
  server.emit(socket instanceof TLSSocket ? 'secureConnection' : 'connection', socket)
}

function withoutUpgrade(value: string): string {
  const kept = value
    .split(',')
    .map((option) => option.trim())
    .filter((option) => option !== '' && !dropped.has(option.toLowerCase()))
  return kept.length > 0 ? kept.join(', ') : 'keep-alive'
}
