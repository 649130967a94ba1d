import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Clock } from '../../lib/clock.ts'
import type { Connections } from './connections.ts'
import type { Held } from './held.ts'

export type OnRequest = (request: IncomingMessage, response: ServerResponse) => void

/** Requests of one connection that are worked on at once. */
const atOnceMax = 8
/** No further one is begun while this much of answers is not taken. */
const unreadBytesEnough = 256 * 1024

/**
 * Requests that a connection sends without waiting for answers stand in line: nothing more is read while some wait, and the
 * connection is cut when more than `unansweredMax` came in one go.
 */
export function createRequestLine(deps: {
  clock: Clock
  connections: Connections
  unansweredMax: number
  onRequest: OnRequest
}): OnRequest {
  const { clock, connections, unansweredMax, onRequest } = deps
  const mayBegin = ({ begunCount, unreadBytes }: Held) =>
    begunCount === 0 || (begunCount < atOnceMax && unreadBytes < unreadBytesEnough)
  const begin = (held: Held, request: IncomingMessage, response: ServerResponse) => {
    held.begunCount++
    onRequest(request, response)
  }

  const answered = (held: Held) => {
    held.unansweredCount--
    held.begunCount--
    held.owesSinceMs = clock.monotonicMs()
    if (held.socket.destroyed) return
    while (held.waiting.length > 0 && mayBegin(held)) held.waiting.shift()?.()
    if (held.isPaused && !mustPause(held)) held.socket.resume()
    if (held.unansweredCount > 0) return
    const { onAnswered } = held
    held.onAnswered = undefined
    onAnswered?.()
  }
  return (request, response) => {
    const held = connections.of(request.socket)
    // Cut while the rest of what it had sent was being parsed.
    if (held === undefined || request.socket.destroyed) return
    if (held.unansweredCount >= unansweredMax) {
      connections.cut(held, 'requests unanswered')
      return
    }
    if (held.unansweredCount++ === 0) held.owesSinceMs = clock.monotonicMs()
    response.once('close', () => answered(held))
    if (held.waiting.length === 0 && mayBegin(held)) {
      begin(held, request, response)
      return
    }
    held.waiting.push(() => begin(held, request, response))
    stayPaused(held)
  }
}

/** Calls it once all that was asked before is answered; what comes meanwhile is not read. */
export function onceAnswered(held: Held, onAnswered: () => void): void {
  if (held.unansweredCount === 0) {
    onAnswered()
    return
  }
  held.onAnswered = () => {
    // As Node hands a socket over: whoever listens for its data lets them flow.
    Object.assign(held.socket, { readableFlowing: null })
    onAnswered()
  }
  stayPaused(held)
}

function mustPause({ waiting, onAnswered }: Held): boolean {
  return waiting.length > 0 || onAnswered !== undefined
}

/** Node resumes the socket when it is done with a request; as long as some wait it is paused again at once. */
function stayPaused(held: Held): void {
  const { socket } = held
  socket.pause()
  if (held.isPaused) return
  held.isPaused = true
  const pauseAgain = () => {
    if (mustPause(held)) {
      socket.pause()
      return
    }
    held.isPaused = false
    socket.off('resume', pauseAgain)
  }
  socket.on('resume', pauseAgain)
}
