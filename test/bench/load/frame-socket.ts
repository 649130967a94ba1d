import { connect, type Socket } from 'node:net'
import { createFrameReader, opcodes } from './frame-reader.ts'

/**
 * A WebSocket client that costs little: a real socket and real frames, but no compression, no events, and a mask of zeros. For
 * loads only, where the client should not be the limit.
 */
export interface FrameSocket {
  readonly isOpen: boolean
  send(text: string): void
  close(): void
}

export interface FrameSocketOptions {
  /** `ws://host:port/path` */
  url: string
  /** Of this machine; a node counts sockets by address. */
  localAddress?: string | undefined
  /** The payload is valid during the call only. */
  onText: (payload: Buffer) => void
  onClose?: () => void
}

const openWithinMs = 30_000

/** Resolves when the server has agreed. @throws when it does not within half a minute */
export function openFrameSocket(options: FrameSocketOptions): Promise<FrameSocket> {
  const { hostname, port, pathname, host } = new URL(options.url)
  const { localAddress, onText, onClose } = options
  const address = { host: hostname, port: Number(port), noDelay: true }
  const socket = connect(localAddress === undefined ? address : { ...address, localAddress })
  return new Promise((resolve, reject) => {
    const frames = createFrameReader((opcode, payload) => {
      if (opcode === opcodes.text) onText(payload)
      else if (opcode === opcodes.ping) socket.write(frameOf(opcodes.pong, payload))
      else if (opcode === opcodes.close) socket.end()
    })
    let isOpen = false
    const giveUp = setTimeout(() => socket.destroy(new Error('no answer')), openWithinMs)
    const greeted = (rest: Buffer) => {
      isOpen = true
      clearTimeout(giveUp)
      socket.on('data', frames)
      resolve(overSocket(socket, () => isOpen))
      if (rest.length > 0) frames(rest)
    }
    socket.write(handshake(host, pathname))
    readAnswer(socket, greeted)
    socket.on('error', reject)
    socket.on('close', () => {
      clearTimeout(giveUp)
      isOpen = false
      reject(new Error(`${options.url} hung up`))
      onClose?.()
    })
  })
}

function overSocket(socket: Socket, isOpen: () => boolean): FrameSocket {
  return {
    get isOpen() {
      return isOpen()
    },
    send: (text) => void socket.write(frameOf(opcodes.text, Buffer.from(text))),
    close: () => socket.destroy(),
  }
}

/** The key is that of the RFC's example: nobody in between is to be kept from caching. */
function handshake(host: string, path: string): string {
  return [
    `GET ${path} HTTP/1.1`,
    `Host: ${host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Sec-WebSocket-Protocol: lotkeeper.v1',
    '',
    '',
  ].join('\r\n')
}

const endOfHead = '\r\n\r\n'

function readAnswer(socket: Socket, greeted: (rest: Buffer) => void): void {
  let head = Buffer.alloc(0)
  const listen = (chunk: Buffer) => {
    head = Buffer.concat([head, chunk])
    const end = head.indexOf(endOfHead)
    if (end < 0) return
    socket.off('data', listen)
    if (head.subarray(0, 13).toString() === 'HTTP/1.1 101 ') {
      greeted(head.subarray(end + endOfHead.length))
    } else socket.destroy(new Error(head.subarray(0, end).toString()))
  }
  socket.on('data', listen)
}

function frameOf(opcode: number, payload: Buffer): Buffer {
  const { length } = payload
  const isLong = length > 125
  const frame = Buffer.alloc((isLong ? 8 : 6) + length)
  frame[0] = 0x80 | opcode
  frame[1] = 0x80 | (isLong ? 126 : length)
  if (isLong) frame.writeUInt16BE(length, 2)
  // The mask stays zero, so the payload stays as it is.
  payload.copy(frame, isLong ? 8 : 6)
  return frame
}
