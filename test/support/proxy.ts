import { createServer, connect, type AddressInfo, type Server, type Socket } from 'node:net'
import { createPipe, type Pipe } from './proxy-pipe.ts'

export type Direction = 'both' | 'to-server' | 'to-client'
export type Held = 'delivered' | 'dropped'

/** Which bytes count as the request; without it the next ones do. A chunk is what one read of the socket gave. */
export interface RequestMatch {
  match?: (chunk: Buffer) => boolean
}

/** A TCP proxy on a free port, of 127.0.0.1 unless told, that misbehaves on demand. All that it breaks, `heal` repairs. */
export interface Proxy {
  readonly port: number
  /** Open connections that were handed on to the server. */
  readonly connectionCount: number
  /** Resets all connections; new ones are reset as soon as they were accepted (the port stays ours). */
  cut(): void
  /** Ends cut, silence, delay and what was armed for a next reply. */
  heal(): void
  /**
   * Connections stay, new ones are accepted, nothing passes in that direction, not even an end. What is held back arrives
   * after `heal`, as a network that retransmits would have it; with `dropped` it is gone, and its connection is reset then.
   */
  silence(direction: Direction, held?: Held): void
  /** The next request passes, everything toward its sender is swallowed, then its connection is reset. Resolves at the reset. */
  dropNextReply(options?: RequestMatch): Promise<void>
  /** Passes so many bytes of the reply to the next request, then resets its connection. Resolves at the reset. */
  truncateNextReply(byteCount: number, options?: RequestMatch): Promise<void>
  /** Every chunk takes so long, each way. */
  delay(ms: number): void
  close(): Promise<void>
}

interface Armed {
  readonly isRequest: (chunk: Buffer) => boolean
  /** How many bytes of the reply still pass; then the connection is reset. */
  readonly replyBytes: number
  readonly onReset: () => void
}

interface State {
  isCut: boolean
  silence: Partial<Record<'to-server' | 'to-client', Held>>
  delayMs: number
  armed: Armed | undefined
}

interface Link {
  readonly pipes: readonly Pipe[]
  reset(): void
}

/** A server's answer to one request may come in several packets; it is over when nothing came for so long. */
const replyQuietMs = 60

export async function startProxy(
  target: { host: string; port: number },
  listenHost = '127.0.0.1',
): Promise<Proxy> {
  const links = new Set<Link>()
  const state: State = { isCut: false, silence: {}, delayMs: 0, armed: undefined }
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    if (state.isCut) client.resetAndDestroy()
    else links.add(openLink(client, target, state, (link) => links.delete(link)))
  })
  const port = await listen(server, listenHost)
  const arm = (replyBytes: number, options: RequestMatch = {}) =>
    new Promise<void>((resolve) => {
      state.armed = { isRequest: options.match ?? (() => true), replyBytes, onReset: resolve }
    })
  const resetAll = () => links.forEach((link) => link.reset())
  const refresh = () => links.forEach((link) => link.pipes.forEach((pipe) => pipe.refresh()))
  return {
    port,
    get connectionCount() {
      return links.size
    },
    cut() {
      state.isCut = true
      resetAll()
    },
    heal() {
      Object.assign(state, { isCut: false, silence: {}, delayMs: 0, armed: undefined })
      for (const link of links) if (link.pipes.some((pipe) => pipe.hasDropped)) link.reset()
      refresh()
    },
    silence(direction, held = 'delivered') {
      if (direction !== 'to-client') state.silence['to-server'] = held
      if (direction !== 'to-server') state.silence['to-client'] = held
      refresh()
    },
    dropNextReply: (options) => arm(0, options),
    truncateNextReply: (byteCount, options) => arm(byteCount, options),
    delay(ms) {
      state.delayMs = ms
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      resetAll()
      await closed
    },
  }
}

function openLink(
  client: Socket,
  target: { host: string; port: number },
  state: State,
  onGone: (link: Link) => void,
): Link {
  const upstream = connect({ ...target, allowHalfOpen: true, noDelay: true })
  let taken: { replyBytesLeft: number; onReset: () => void } | undefined
  let quiet: NodeJS.Timeout | undefined
  const reset = () => {
    clearTimeout(quiet)
    link.pipes.forEach((pipe) => pipe.stop())
    client.resetAndDestroy()
    upstream.resetAndDestroy()
    onGone(link)
    taken?.onReset()
    taken = undefined
  }
  const toServer = createPipe(client, upstream, {
    held: () => state.silence['to-server'],
    delayMs: () => state.delayMs,
    pass(chunk) {
      const { armed } = state
      if (armed?.isRequest(chunk)) {
        state.armed = undefined
        taken = { replyBytesLeft: armed.replyBytes, onReset: armed.onReset }
      }
      return chunk
    },
  })
  const toClient = createPipe(upstream, client, {
    held: () => state.silence['to-client'],
    delayMs: () => state.delayMs,
    pass(chunk) {
      if (taken === undefined) return chunk
      const passed = chunk.subarray(0, taken.replyBytesLeft)
      taken.replyBytesLeft -= passed.length
      clearTimeout(quiet)
      if (taken.replyBytesLeft === 0) quiet = setTimeout(reset, replyQuietMs)
      return passed
    },
  })
  const link: Link = { pipes: [toServer, toClient], reset }
  for (const socket of [client, upstream]) {
    socket.on('error', reset)
    socket.on('close', () => {
      if (client.destroyed && upstream.destroyed) onGone(link)
    })
  }
  return link
}

function listen(server: Server, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port))
  })
}
