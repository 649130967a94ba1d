import type { Server } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock, Timer } from '../../lib/clock.ts'
import type { Held } from './held.ts'

const lookEveryMs = 5_000
/** How many times `unreadMsMax` an answer may take that is taken bit by bit. */
const roundsMax = 10

/** Cuts connections that take nothing of an answer for `unreadMsMax`, and those that take ten times that for one. */
export function cutSlow(
  server: Server,
  deps: {
    clock: Clock
    unreadMsMax: number
    all: ReadonlyMap<Socket, Held>
    cut: (held: Held, why: string) => void
  },
): { stop(): void } {
  const { clock, unreadMsMax, all, cut } = deps
  server.timeout = unreadMsMax
  // Nothing moved on it for all that time; also how Node ends a connection that waits for its next request for too long.
  server.on('timeout', (socket: Socket) => {
    const held = all.get(socket)
    if (held === undefined) return
    // An answer that is not made yet is none that was not taken.
    if (socket.writableLength > 0) cut(held, 'answers not taken')
    else if (held.unansweredCount === 0) socket.destroy()
  })
  let timer: Timer
  const look = () => {
    const sinceMs = clock.monotonicMs() - roundsMax * unreadMsMax
    for (const held of all.values()) {
      const owes = !held.isUpgraded && held.unansweredCount > 0 && held.socket.writableLength > 0
      if (owes && held.owesSinceMs < sinceMs) cut(held, 'answers not taken')
    }
    timer = clock.setTimer(lookEveryMs, look)
  }
  timer = clock.setTimer(lookEveryMs, look)
  return { stop: () => timer.cancel() }
}
