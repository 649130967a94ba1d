import { type Clock, type Timer, timerMaxMs } from '../../lib/clock.ts'
import type { Entropy } from '../../lib/entropy.ts'
import { newUlid } from '../../lib/ulid.ts'
import { createSessionHandle, type SessionHandle } from '../local/session-handle.ts'
import type { Session, SessionState } from '../store.ts'
import type { Link } from './link.ts'
import type { MemoryServer } from './server.ts'

/**
 * Keeps a session alive over the link and knows by this client's own monotonic clock what to think of it. An answer counts
 * from when its question was sent, so the client gives up no later than the server.
 */
export interface SessionKeeper {
  /** Looked at, not remembered: a process that slept finds it lost before any timer fired. */
  current(): Session
  /** An answer came to what was sent at `sentMs`; `isAlive`: the session stood then. */
  heard(session: Session, sentMs: number, isAlive: boolean): void
  onChange(listener: (session: Session) => void): () => void
  close(): void
}

export function createSessionKeeper(deps: {
  clock: Clock
  entropy: Entropy
  server: MemoryServer
  link: Link
  timeoutMs: number
  /** A session opened: its id, so that tests can name the link by it. */
  onOpened: (id: string) => void
}): SessionKeeper {
  const { clock, server, link, timeoutMs } = deps
  const listeners = new Set<(session: Session) => void>()
  const beatMs = Math.min(timeoutMs / 6, timerMaxMs)
  let lastHeardMs = clock.monotonicMs()
  let isClosed = false
  let handle = open()
  let watchdog = armWatchdog()
  let beat = armBeat()

  function open(): SessionHandle {
    const id = newUlid(clock.wallMs(), deps.entropy)
    server.openSession(id, timeoutMs)
    deps.onOpened(id)
    return createSessionHandle(id)
  }
  function change(state: SessionState) {
    const changed = handle
    if (!changed.become(state)) return
    if (state === 'lost') link.giveUp()
    for (const listener of [...listeners]) listener(changed.session)
  }
  function look() {
    const silentMs = clock.monotonicMs() - lastHeardMs
    if (silentMs >= timeoutMs) change('lost')
    else if (silentMs >= timeoutMs / 3) change('suspended')
  }
  function armWatchdog(): Timer {
    const silentMs = clock.monotonicMs() - lastHeardMs
    const boundMs = silentMs < timeoutMs / 3 ? timeoutMs / 3 : timeoutMs
    return clock.setTimer(Math.min(Math.max(boundMs - silentMs, 1), timerMaxMs), () => {
      look()
      if (!isClosed) watchdog = armWatchdog()
    })
  }
  function armBeat(): Timer {
    return clock.setTimer(beatMs, () => {
      look()
      if (handle.session.state === 'lost') renew()
      else ping()
      if (!isClosed) beat = armBeat()
    })
  }
  function exchange<T>(run: () => T, then: (value: T, sentMs: number) => void) {
    const sentMs = clock.monotonicMs()
    const unanswered = () => new Error('no answer')
    link.call({ kind: 'session', run, unanswered, deadlineMs: timeoutMs }).then(
      (value) => then(value, sentMs),
      () => undefined, // no answer is what the watchdog is for
    )
  }
  function ping() {
    const { session } = handle
    exchange(
      () => server.touch(session.id),
      (isAlive, sentMs) => keeper.heard(session, sentMs, isAlive),
    )
  }
  function renew() {
    if (link.isSilent || isClosed) return
    lastHeardMs = clock.monotonicMs()
    handle = open()
    for (const listener of [...listeners]) listener(handle.session)
  }
  const keeper: SessionKeeper = {
    current() {
      if (!isClosed) look()
      return handle.session
    },
    heard(session, sentMs, isAlive) {
      if (isClosed || session !== handle.session) return
      if (!isAlive) {
        change('lost')
        renew()
        return
      }
      lastHeardMs = Math.max(lastHeardMs, sentMs)
      if (clock.monotonicMs() - lastHeardMs < timeoutMs / 3) change('serving')
    },
    onChange(listener) {
      const own = (session: Session) => listener(session)
      listeners.add(own)
      return () => listeners.delete(own)
    },
    close() {
      if (isClosed) return
      isClosed = true
      watchdog.cancel()
      beat.cancel()
      if (!link.isSilent) server.endSession(handle.session.id)
      change('lost')
      listeners.clear()
    },
  }
  return keeper
}
