import { WebSocket } from 'ws'
import type { Down } from '../../src/protocol/down.ts'
import { subprotocol } from '../../src/protocol/version.ts'
import { eventually } from '../support/eventually.ts'

export interface SocketOptions {
  origin?: string
  cookie?: string
  protocols?: string[]
  autoPong?: boolean
}

type Of<T extends Down['type']> = Extract<Down, { type: T }>

/** A client that keeps every frame it got. */
export interface TestSocket {
  readonly frames: Down[]
  readonly protocol: string
  readonly pingCount: number
  /** Once closed. */
  readonly closed: { code: number; reason: string } | undefined
  send(frame: unknown): void
  sendRaw(data: string | Buffer): void
  /** The first frame of the type, from `from` on, once it is there. */
  next<T extends Down['type']>(type: T, from?: number): Promise<Of<T>>
  all<T extends Down['type']>(type: T): Of<T>[]
  closing(): Promise<{ code: number; reason: string }>
  pause(): void
  resume(): void
  close(): void
  terminate(): void
}

/** @throws the status of the handshake when it was refused */
export async function openSocket(url: string, options: SocketOptions = {}): Promise<TestSocket> {
  const { origin, cookie, protocols = [subprotocol], autoPong = true } = options
  const socket = new WebSocket(url, protocols, {
    ...(origin !== undefined && { origin }),
    autoPong,
    headers: { ...(cookie !== undefined && { cookie }) },
  })
  const frames: Down[] = []
  let closed: TestSocket['closed']
  let pingCount = 0
  socket.on('ping', () => pingCount++)
  socket.on('message', (data) => frames.push(JSON.parse((data as Buffer).toString()) as Down))
  socket.on('close', (code, reason) => (closed = { code, reason: reason.toString() }))
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`handshake refused: ${response.statusCode}`))
      socket.terminate()
    })
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  const all = <T extends Down['type']>(type: T) =>
    frames.filter((frame): frame is Of<T> => frame.type === type)
  return {
    frames,
    get protocol() {
      return socket.protocol
    },
    get pingCount() {
      return pingCount
    },
    get closed() {
      return closed
    },
    send: (frame) => socket.send(JSON.stringify(frame)),
    sendRaw: (data) => socket.send(data),
    next: (type, from = 0) =>
      eventually(() => all(type)[from], {
        everyMs: 2,
        what: `a ${type} frame; got ${frames.map((frame) => frame.type).join(' ')}`,
      }),
    all,
    closing: () => eventually(() => closed, { everyMs: 2, what: 'closing' }),
    pause: () => socket.pause(),
    resume: () => socket.resume(),
    close: () => socket.close(),
    terminate: () => socket.terminate(),
  }
}
