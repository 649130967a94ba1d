import { WebSocket } from 'ws'
import type { NodeAddress } from '../../engine/forwarding.ts'
import { asError, type Clock } from '../../lib/clock.ts'
import { linkHeaders, linkLimits, nodesPath, nodeSubprotocol } from './link-protocol.ts'

export interface DialDeps {
  clock: Clock
  /** What lets the session `from`, which is ours, in at the node that has the session `to`; once. */
  pass: (to: string, from: string) => Promise<string>
  ownSessionId: () => string
  /** For nodes whose URL is https. PEM. */
  tls?: { ca?: Buffer; cert?: Buffer; key?: Buffer } | undefined
}

/** A socket to another node, opening or open. */
export interface Wire {
  readonly isOpen: boolean
  readonly bufferedBytes: number
  send(frame: string): void
  /** Cuts it; `over` is called once, with this, if it was not before. */
  cut(why: string): void
}

export interface WireEvents {
  open(): void
  text(text: string): void
  /** Refused, failed, broken or cut: nothing comes any more. */
  over(why: string): void
}

/** Never throws; whatever goes wrong is told by `over`. */
export function dial(to: NodeAddress, deps: DialDeps, events: WireEvents): Wire {
  let socket: WebSocket | undefined
  let isOver = false
  const cut = (why: string) => {
    if (isOver) return
    isOver = true
    patience.cancel()
    socket?.terminate()
    events.over(why)
  }
  const patience = deps.clock.setTimer(linkLimits.connectMsMax, () => cut('no answer to our call'))
  const from = deps.ownSessionId()
  const connect = (pass: string) => {
    if (isOver) return
    socket = call(to, { pass, from, tls: deps.tls })
    socket.on('open', () => {
      patience.cancel()
      if (!isOver) events.open()
    })
    socket.on('message', (bytes: Buffer, isBinary) => {
      if (isBinary) cut('what came is no text')
      else if (!isOver) events.text(bytes.toString())
    })
    socket.on('error', (error) => cut(error.message))
    socket.on('close', (code, reason) => cut(`closed with ${code} ${reason.toString()}`.trim()))
  }
  deps
    .pass(to.sessionId, from)
    .then(connect)
    .catch((error: unknown) => cut(asError(error).message))
  return {
    get isOpen() {
      return !isOver && socket?.readyState === WebSocket.OPEN
    },
    get bufferedBytes() {
      return socket?.bufferedAmount ?? 0
    },
    send: (frame) => socket?.send(frame),
    cut,
  }
}

/** @throws SyntaxError for what is no URL */
function call(
  { url, sessionId }: NodeAddress,
  { pass, from, tls }: { pass: string; from: string; tls: DialDeps['tls'] },
): WebSocket {
  const address = url.replace(/^http/, 'ws').replace(/\/+$/, '') + nodesPath
  return new WebSocket(address, nodeSubprotocol, {
    ...(address.startsWith('wss:') && tls),
    perMessageDeflate: false,
    maxPayload: linkLimits.frameBytesMax,
    headers: {
      authorization: `Bearer ${pass}`,
      [linkHeaders.to]: sessionId,
      [linkHeaders.from]: from,
    },
  })
}
