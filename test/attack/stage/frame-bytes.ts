import { Buffer } from 'node:buffer'
import { socketPath } from '../../../src/protocol/version.ts'
import { type Door, openRaw, type RawConnection } from './wire.ts'

export const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const

export interface FrameShape {
  readonly opcode?: number
  readonly isFinal?: boolean
  readonly isMasked?: boolean
  /** Three bits. */
  readonly reserved?: number
  /** What the header says, where that is a lie. */
  readonly length?: number
}

/** One frame of RFC 6455 as a client sends it, or as one should not. The mask is fixed: nobody listens. */
export function frameBytes(payload: string | Buffer, shape: FrameShape = {}): Buffer {
  const { opcode = opcodes.text, isFinal = true, isMasked = true, reserved = 0 } = shape
  const body = Buffer.from(payload)
  const length = shape.length ?? body.length
  const first = (isFinal ? 0x80 : 0) | ((reserved & 7) << 4) | (opcode & 15)
  const maskBit = isMasked ? 0x80 : 0
  const mask = Buffer.of(0x37, 0xfa, 0x21, 0x3d)
  if (isMasked) for (let at = 0; at < body.length; at++) body[at]! ^= mask[at % 4]!
  return Buffer.concat([headOf(first, maskBit, length), isMasked ? mask : Buffer.alloc(0), body])
}

function headOf(first: number, maskBit: number, length: number): Buffer {
  if (length < 126) return Buffer.of(first, maskBit | length)
  const head = Buffer.alloc(length < 65_536 ? 4 : 10)
  head[0] = first
  head[1] = maskBit | (length < 65_536 ? 126 : 127)
  if (length < 65_536) head.writeUInt16BE(length, 2)
  else head.writeBigUInt64BE(BigInt(length), 2)
  return head
}

export interface HandshakeOptions {
  readonly path?: string
  readonly headers?: readonly string[]
  readonly reads?: boolean
}

/** A connection after its handshake as a WebSocket, on which bytes are written as they are. @throws when it is not let in */
export async function openRawSocket(
  door: Door,
  from: string,
  { path = socketPath, headers = [] }: HandshakeOptions = {},
): Promise<RawConnection> {
  const connection = await openRaw(door, from)
  connection.socket.write(handshakeText(door, path, headers))
  await connection.answered(5_000)
  if (/^HTTP\/1\.1 101/.test(connection.text)) return connection
  connection.socket.destroy()
  throw new Error(`no WebSocket: ${connection.text.slice(0, 60)}`)
}

export function handshakeText(door: Door, path: string, headers: readonly string[] = []): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${door.host}:${door.port}`,
    ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
    '\r\n',
  ].join('\r\n')
}
