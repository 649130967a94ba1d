import { readdirSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** A TCP connection that writes and reads bytes as they are. */
export interface RawClient {
  readonly socket: Socket
  /** All that came, as latin1. */
  readonly heard: string
  readonly isClosed: boolean
  send(text: string | Buffer): void
}

export interface RawOptions {
  /** One of the addresses of the loopback network, as in 127.0.0.2. */
  from?: string
  /** False: nothing of what comes is read. */
  reads?: boolean
  allowHalfOpen?: boolean
}

/** @throws when the connection is not taken */
export async function openRaw(port: number, options: RawOptions = {}): Promise<RawClient> {
  const { from, reads = true, allowHalfOpen = false } = options
  const socket = connect({
    ...{ port, host: '127.0.0.1', allowHalfOpen },
    ...(from !== undefined && { localAddress: from }),
  })
  let heard = ''
  let isClosed = false
  socket.on('error', () => undefined)
  socket.on('close', () => (isClosed = true))
  if (reads) socket.on('data', (bytes) => (heard += bytes.toString('latin1')))
  else socket.pause()
  await once(socket, 'connect')
  return {
    socket,
    get heard() {
      return heard
    },
    get isClosed() {
      return isClosed
    },
    send: (text) => void socket.write(text),
  }
}

/** One request as text, with `Host` and without a body. */
export function requestText(line: string, headers: Record<string, string> = {}): string {
  const lines = Object.entries({ Host: 'localhost', ...headers }).map(
    ([name, value]) => `${name}: ${value}`,
  )
  return [`${line} HTTP/1.1`, ...lines, '', ''].join('\r\n')
}

/** Open descriptors of this process: both ends of each connection of a test are among them. */
export function descriptorCount(): number {
  return readdirSync('/proc/self/fd').length
}
