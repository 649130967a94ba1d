import type { Clock } from '../../lib/clock.ts'
import type { Entropy } from '../../lib/entropy.ts'
import { newUlid } from '../../lib/ulid.ts'
import { startMetronome } from './metronome.ts'
import { createSessionHandle, type SessionHandle } from './session-handle.ts'
import { createSessionListeners } from './session-listeners.ts'
import type { Session, SessionState } from '../store.ts'
import type { Link } from './link.ts'
import { createLiveness } from './liveness.ts'
import type { ServerSessions } from './server-sessions.ts'

/** Keeps a session alive over the link, and opens the next when it is lost. */
export interface SessionKeeper {
  /** The session in force, its state as of now. */
  current(): Session
  /** The same as it was last judged: for whoever looks from outside, and must not move this client. */
  readonly session: Session
  /** An answer came to what was sent at `sentMs`; `isAlive`: the session stood then. */
  heard(session: Session, sentMs: number, isAlive: boolean): void
  onChange(listener: (session: Session) => void): () => void
  /** Tells the listeners of a change that is not the session's own. */
  tell(): void
  close(): void
}

interface KeeperDeps {
  clock: Clock
  entropy: Entropy
  sessions: ServerSessions
  link: Link
  timeoutMs: number
  /** A session opened: its id, so that tests can name the link by it. */
  onOpened: (id: string) => void
}

export function createSessionKeeper(deps: KeeperDeps): SessionKeeper {
  const { clock, sessions, link, timeoutMs } = deps
  const listeners = createSessionListeners()
  let isClosed = false
  let handle = openSession(deps)
  const liveness = createLiveness({ clock, timeoutMs, onDue: look })
  const stopBeating = startMetronome(clock, timeoutMs / 6, beat)

  function become(state: SessionState) {
    if (!handle.become(state)) return
    if (state === 'lost') link.giveUp()
    listeners.tell(handle.session)
  }
  function look() {
    if (!isClosed) become(liveness.verdict())
  }
  function beat() {
    look()
    if (handle.session.state === 'lost') renew()
    else keepAlive(handle.session)
  }
  function keepAlive(session: Session) {
    const sentMs = clock.monotonicMs()
    ping(deps, session).then(
      (isAlive) => heard(session, sentMs, isAlive),
      () => undefined, // silence is judged by the clock
    )
  }
  function renew() {
    if (link.isSilent || isClosed) return
    handle = openSession(deps)
    liveness.heard(clock.monotonicMs())
    listeners.tell(handle.session)
  }
  function heard(session: Session, sentMs: number, isAlive: boolean) {
    if (isClosed || session !== handle.session) return
    if (isAlive) {
      liveness.heard(sentMs)
      look()
    } else {
      become('lost')
      renew()
    }
  }
  return {
    heard,
    current() {
      look()
      return handle.session
    },
    get session() {
      return handle.session
    },
    onChange: (listener) => listeners.add(listener),
    tell: () => listeners.tell(handle.session),
    close() {
      if (isClosed) return
      isClosed = true
      liveness.stop()
      stopBeating()
      if (!link.isSilent) sessions.end(handle.session.id)
      become('lost')
      listeners.clear()
    },
  }
}

function openSession(deps: KeeperDeps): SessionHandle {
  const id = newUlid(deps.clock.wallMs(), deps.entropy)
  deps.sessions.open(id, deps.timeoutMs)
  deps.onOpened(id)
  return createSessionHandle(id)
}

/** Whether the server still knows the session; rejects without an answer. */
function ping({ link, sessions, timeoutMs }: KeeperDeps, { id }: Session): Promise<boolean> {
  return link.call({
    kind: 'session',
    run: () => sessions.touch(id),
    unanswered: () => new Error('no answer to a ping'),
    deadlineMs: timeoutMs,
  })
}
