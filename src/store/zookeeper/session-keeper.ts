import { type Clock, type Timer, timerMaxMs } from '../../lib/clock.ts'
import type { Entropy } from '../../lib/entropy.ts'
import { newUlid } from '../../lib/ulid.ts'
import type { Session } from '../store.ts'
import { createSessionHandle, type SessionHandle } from './session-handle.ts'

/**
 * What to think of the session, by this process's own monotonic clock and nothing else: the library goes on calling a dead
 * link connected. An answer counts from when its question was sent, so we give up no later than the server.
 */
export interface SessionKeeper {
  /** Undefined before the first one was granted. */
  readonly current: Session | undefined
  /** The store granted a session that was asked for at `sentMs`. `timeoutMs` as granted. */
  opened(sentMs: number, timeoutMs: number): void
  /** The session stood when something sent at `sentMs` was answered. */
  heard(sentMs: number): void
  /** The server said so, or we give it up. */
  lose(): void
  onChange(listener: (session: Session) => void): () => void
}

export function createSessionKeeper(deps: {
  clock: Clock
  entropy: Entropy
  timeoutMs: number
}): SessionKeeper {
  const { clock } = deps
  const listeners = new Set<(session: Session) => void>()
  let { timeoutMs } = deps
  let handle: SessionHandle | undefined
  let heardMs = 0
  let watchdog: Timer | undefined

  function become(state: 'serving' | 'suspended' | 'lost') {
    const changed = handle
    if (changed?.become(state) !== true) return
    tell(changed.session)
  }
  function tell(session: Session) {
    for (const listener of [...listeners]) listener(session)
  }
  function look() {
    const silentMs = clock.monotonicMs() - heardMs
    if (silentMs >= timeoutMs) become('lost')
    else if (silentMs >= timeoutMs / 3) become('suspended')
  }
  function arm() {
    watchdog?.cancel()
    if (handle === undefined || handle.session.state === 'lost') return
    const silentMs = clock.monotonicMs() - heardMs
    const boundMs = silentMs < timeoutMs / 3 ? timeoutMs / 3 : timeoutMs
    watchdog = clock.setTimer(Math.min(Math.max(boundMs - silentMs, 1), timerMaxMs), () => {
      look()
      arm()
    })
  }
  return {
    get current() {
      look()
      return handle?.session
    },
    opened(sentMs, grantedMs) {
      // The server may grant less than was asked for; of more we make no use.
      timeoutMs = Math.min(deps.timeoutMs, grantedMs)
      heardMs = sentMs
      handle = createSessionHandle(newUlid(clock.wallMs(), deps.entropy), look)
      tell(handle.session)
      arm()
    },
    heard(sentMs) {
      look()
      heardMs = Math.max(heardMs, sentMs)
      if (clock.monotonicMs() - heardMs < timeoutMs / 3) become('serving')
    },
    lose() {
      become('lost')
      watchdog?.cancel()
    },
    onChange(listener) {
      const own = (session: Session) => listener(session)
      listeners.add(own)
      return () => listeners.delete(own)
    },
  }
}
