import { type Clock, type Timer, timerMaxMs } from '../../lib/clock.ts'
import type { Key } from '../store.ts'

/** The server's side of sessions: by the world's clock, each ends after a whole timeout in which nothing was heard of it. */
export interface ServerSessions {
  open(id: string, timeoutMs: number): void
  /** It was heard of. False when it is over. */
  touch(id: string): boolean
  /** The keys that die with it; empty when it is over. */
  ephemerals(id: string): Set<Key>
  isOpen(id: string): boolean
  end(id: string): void
}

interface ServerSession {
  readonly timeoutMs: number
  readonly ephemerals: Set<Key>
  lastHeardMs: number
  expiry: Timer
}

export function createServerSessions(
  clock: Clock,
  onEnd: (ephemerals: ReadonlySet<Key>) => void,
): ServerSessions {
  const sessions = new Map<string, ServerSession>()

  const end = (id: string) => {
    const session = sessions.get(id)
    if (session === undefined) return
    sessions.delete(id)
    session.expiry.cancel()
    onEnd(session.ephemerals)
  }
  const armExpiry = (id: string, leftMs: number): Timer =>
    clock.setTimer(Math.min(leftMs, timerMaxMs), () => {
      const session = sessions.get(id)
      if (session === undefined) return
      const nextMs = session.lastHeardMs + session.timeoutMs - clock.monotonicMs()
      if (nextMs > 0) session.expiry = armExpiry(id, nextMs)
      else end(id)
    })
  return {
    end,
    isOpen: (id) => sessions.has(id),
    ephemerals: (id) => sessions.get(id)?.ephemerals ?? new Set(),
    open(id, timeoutMs) {
      sessions.set(id, {
        timeoutMs,
        ephemerals: new Set(),
        lastHeardMs: clock.monotonicMs(),
        expiry: armExpiry(id, timeoutMs),
      })
    },
    touch(id) {
      const session = sessions.get(id)
      if (session === undefined) return false
      session.lastHeardMs = clock.monotonicMs()
      return true
    },
  }
}
