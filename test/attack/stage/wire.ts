import { Agent, type IncomingHttpHeaders, request } from 'node:http'
import { connect, type Socket } from 'node:net'

/** Where a node or a proxy listens; always on this machine. */
export interface Door {
  readonly host: string
  readonly port: number
}

export interface Call {
  readonly method?: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly token?: string
  /** Sent as JSON, unless it is text or bytes already. */
  readonly body?: object | string
  readonly withinMs?: number
}

export interface Answer {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly text: string
  readonly tookMs: number
}

/** One person's or stranger's HTTP, from one address of this machine, over connections that are kept. */
export interface Caller {
  readonly from: string
  /** @throws when no answer comes: refused, cut, or not within the time */
  ask(call: Call): Promise<Answer>
  /** All of them, at most `atOnce` at a time; undefined for a call without an answer. */
  askAll(calls: readonly Call[], atOnce?: number): Promise<(Answer | undefined)[]>
  close(): void
}

const answerWithinMs = 10_000
const connectionsMax = 64

export function createCaller(door: Door, from: string): Caller {
  const agent = new Agent({ keepAlive: true, maxSockets: connectionsMax })
  const ask = (call: Call) => send(door, from, agent, call)
  return {
    from,
    ask,
    async askAll(calls, atOnce = 20) {
      const answers: (Answer | undefined)[] = []
      let next = 0
      const work = async () => {
        for (let at = next++; at < calls.length; at = next++) {
          answers[at] = await ask(calls[at]!).catch(() => undefined)
        }
      }
      await Promise.all(Array.from({ length: atOnce }, work))
      return answers
    },
    close: () => agent.destroy(),
  }
}

function send(door: Door, from: string, agent: Agent, call: Call): Promise<Answer> {
  const { method = 'GET', path, token, body, withinMs = answerWithinMs } = call
  const payload = typeof body === 'object' ? JSON.stringify(body) : body
  const startMs = performance.now()
  return new Promise((resolve, reject) => {
    const asked = request({
      ...door,
      ...{ method, path, agent, localAddress: from },
      headers: {
        ...(payload !== undefined && {
          'content-type': 'application/json',
          'content-length': String(Buffer.byteLength(payload)),
        }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...call.headers,
      },
      signal: AbortSignal.timeout(withinMs),
    })
    asked.on('error', reject)
    // An upgrade that was let in.
    asked.on('upgrade', (response, socket) => {
      socket.destroy()
      const tookMs = performance.now() - startMs
      resolve({ status: 101, headers: response.headers, text: '', tookMs })
    })
    asked.on('response', (response) => {
      const chunks: Buffer[] = []
      response.on('error', reject)
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        const tookMs = performance.now() - startMs
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text, tookMs })
      })
    })
    asked.end(payload)
  })
}

/** A connection on which bytes are written as they are. What comes back is kept up to `keptBytesMax`. */
export interface RawConnection {
  readonly socket: Socket
  readonly text: string
  readonly isClosed: boolean
  /** Resolves when it is closed, by whomever; false when it is not within the time. */
  closed(withinMs: number): Promise<boolean>
  /** Resolves when at least one byte came; false when it was closed before or none came in time. */
  answered(withinMs: number): Promise<boolean>
}

const keptBytesMax = 256 * 1024

/** @param reads without, nothing is ever taken from the socket. @throws when it is refused */
export async function openRaw(door: Door, from: string, reads = true): Promise<RawConnection> {
  const socket = connect({ ...door, localAddress: from, noDelay: true })
  let text = ''
  let isClosed = false
  socket.on('error', () => undefined)
  socket.once('close', () => (isClosed = true))
  if (reads) {
    socket.on('data', (chunk) => {
      if (text.length < keptBytesMax) text += chunk.toString('latin1')
    })
  }
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const settled = (event: 'close' | 'data', withinMs: number, isSo: () => boolean) =>
    new Promise<boolean>((resolve) => {
      const look = () => {
        if (!isSo() && !isClosed) return
        clearTimeout(late)
        socket.off(event, look).off('close', look)
        resolve(isSo())
      }
      const late = setTimeout(() => resolve(isSo()), withinMs)
      socket.on(event, look).on('close', look)
      look()
    })
  return {
    socket,
    get text() {
      return text
    },
    get isClosed() {
      return isClosed
    },
    closed: (withinMs) => settled('close', withinMs, () => isClosed),
    answered: (withinMs) => settled('data', withinMs, () => text !== ''),
  }
}
