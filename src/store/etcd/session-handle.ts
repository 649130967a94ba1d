import { setMaxListeners } from 'node:events'
import { type Clock, type Timer, timerMaxMs } from '../../lib/clock.ts'
import type { Session, SessionState } from '../store.ts'

/** One session as we believe it to be, by our own monotonic clock and nothing else. */
export interface SessionHandle {
  readonly session: Session
  readonly leaseId: string
  /** Both the lease and the quorum answered to something sent at `sentMs`. */
  heard(sentMs: number): void
  /** For good: told by the server, or given up by us. */
  lose(): void
}

/**
 * The server counts the lease's time from when a renewal arrived, and grants whole seconds, rounded up; we count from
 * when we sent it, and stop at the session timeout: while we believe in the session, it stands.
 */
export function createSessionHandle(deps: {
  clock: Clock
  leaseId: string
  /** When the grant was sent. */
  sentMs: number
  timeoutMs: number
  /** After each change of state. */
  onChange: (session: Session) => void
}): SessionHandle {
  const { clock, timeoutMs } = deps
  const lost = new AbortController()
  setMaxListeners(0, lost.signal) // every lock and every loop of this incarnation listens
  let state: SessionState = 'serving'
  let heardMs = deps.sentMs
  let timer: Timer | undefined

  function become(next: SessionState) {
    if (state === next || state === 'lost') return
    state = next
    if (next === 'lost') {
      timer?.cancel()
      lost.abort()
    }
    deps.onChange(session)
  }
  function look() {
    if (state === 'lost') return
    const silentMs = clock.monotonicMs() - heardMs
    if (silentMs >= timeoutMs) become('lost')
    else become(silentMs >= timeoutMs / 3 ? 'suspended' : 'serving')
  }
  function arm() {
    timer?.cancel()
    const boundMs = heardMs + (state === 'serving' ? timeoutMs / 3 : timeoutMs)
    const delayMs = Math.max(1, boundMs - clock.monotonicMs())
    timer = clock.setTimer(Math.min(delayMs, timerMaxMs), () => {
      look()
      if (state !== 'lost') arm()
    })
  }
  const session: Session = {
    // Lease ids are drawn by etcd and not reused.
    id: BigInt(deps.leaseId).toString(16),
    // Looked at, not remembered: a process that slept finds it lost before any timer fired.
    get state() {
      look()
      return state
    },
    lost: lost.signal,
  }
  arm()
  return {
    session,
    leaseId: deps.leaseId,
    heard(sentMs) {
      if (sentMs <= heardMs) return
      look()
      heardMs = sentMs
      look()
      if (session.state !== 'lost') arm()
    },
    lose: () => become('lost'),
  }
}
