import { WebSocket } from 'ws'
import type { Clock } from '../../lib/clock.ts'
import { closeCodes, type CloseCode } from '../../protocol/close-code.ts'
import type { Down } from '../../protocol/down.ts'
import type { SharedFrame } from './shared-frame.ts'

/**
 * The way out to one client. Sending never waits and never throws; after `close` it does nothing. No getters: V8 would keep each
 * outlet as a dictionary, of half a kilobyte.
 */
export interface Outlet {
  isOpen(): boolean
  readonly bufferedBytes: () => number
  send(frame: Down): void
  /** A frame that other sockets get too, already encoded. */
  sendShared(frame: string): void
  ping(): void
  /** Says why; a client that does not answer the closing is cut off after a few seconds. */
  close(code: CloseCode, reason: string): void
  /** Cuts it off now. */
  terminate(): void
}

/** Answers to someone who asks without end and never reads are not kept beyond this. */
const bufferedBytesMax = 1024 * 1024

/** Half a closing handshake is not waited for longer. */
const closeTimeoutMs = 5_000

export function createOutlet(socket: WebSocket, shared: SharedFrame, clock: Clock): Outlet {
  const isOpen = () => socket.readyState === WebSocket.OPEN
  const write = (bytes: string | Buffer) => {
    if (!isOpen()) return
    if (socket.bufferedAmount > bufferedBytesMax) {
      close(closeCodes.slowConsumer, 'you read too slowly')
      return
    }
    socket.send(bytes, { binary: false })
  }
  const close = (code: CloseCode, reason: string) => {
    if (!isOpen()) return
    socket.close(code, reason)
    const timer = clock.setTimer(closeTimeoutMs, () => socket.terminate())
    socket.once('close', () => timer.cancel())
  }
  return {
    isOpen,
    bufferedBytes: () => socket.bufferedAmount,
    send: (frame) => write(JSON.stringify(frame)),
    sendShared: (frame) => write(shared(frame)),
    ping() {
      if (isOpen()) socket.ping()
    },
    close,
    terminate: () => socket.terminate(),
  }
}
