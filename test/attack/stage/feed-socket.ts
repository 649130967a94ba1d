import { WebSocket } from 'ws'
import { timeUntil } from '../../faults/wait.ts'
import { socketPath } from '../../../src/protocol/version.ts'
import type { Door } from './wire.ts'

export interface Frame {
  readonly type: string
  readonly [field: string]: unknown
}

/** A WebSocket to a node, from one address. What it receives is kept, the newest `keptMax` of it. */
export interface FeedSocket {
  readonly socket: WebSocket
  readonly frames: readonly Frame[]
  readonly frameCount: number
  readonly closeCode: number | undefined
  send(frame: object): void
  /** The first frame, received or still to come, for which it holds. */
  frame(holds: (frame: Frame) => boolean, withinMs?: number): Promise<Frame | undefined>
  closed(withinMs: number): Promise<boolean>
  terminate(): void
}

const keptMax = 20_000
const openWithinMs = 5_000

/** @throws when it is not let in */
export async function openFeedSocket(
  door: Door,
  from: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<FeedSocket> {
  const socket = new WebSocket(`ws://${door.host}:${door.port}${socketPath}`, {
    localAddress: from,
    handshakeTimeout: openWithinMs,
    headers,
  })
  const frames: Frame[] = []
  let frameCount = 0
  let closeCode: number | undefined
  socket.on('close', (code) => (closeCode = code))
  socket.on('message', (bytes: Buffer) => {
    frameCount++
    if (frames.length < keptMax) frames.push(JSON.parse(bytes.toString()) as Frame)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  socket.on('error', () => undefined)
  return {
    socket,
    frames,
    get frameCount() {
      return frameCount
    },
    get closeCode() {
      return closeCode
    },
    send: (frame) => socket.send(JSON.stringify(frame)),
    async frame(holds, withinMs = 5_000) {
      let found: Frame | undefined
      const isThere = async () => (found = frames.find(holds)) !== undefined
      await timeUntil(isThere, { withinMs, everyMs: 10 })
      return found
    },
    closed: async (withinMs) =>
      (await timeUntil(async () => closeCode !== undefined, { withinMs, everyMs: 20 })) !==
      undefined,
    terminate: () => socket.terminate(),
  }
}
