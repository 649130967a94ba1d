import { type Clock, type Timer, timerMaxMs } from '../../lib/clock.ts'
import type { SessionState } from '../store.ts'

/** What to think of a session by its silence, on this client's own monotonic clock. */
export interface Liveness {
  /** Looked at, not remembered: a process that slept finds out before any timer fired. */
  verdict(): SessionState
  /** An answer came to what was sent at `sentMs`: the server cannot have given up before this client does. */
  heard(sentMs: number): void
  stop(): void
}

export function createLiveness(deps: {
  clock: Clock
  timeoutMs: number
  /** A verdict may have changed by the passing of time. */
  onDue: () => void
}): Liveness {
  const { clock, timeoutMs } = deps
  let lastHeardMs = clock.monotonicMs()
  let isStopped = false

  const silentMs = () => clock.monotonicMs() - lastHeardMs
  const arm = (): Timer => {
    const boundMs = silentMs() < timeoutMs / 3 ? timeoutMs / 3 : timeoutMs
    const dueMs = Math.min(Math.max(boundMs - silentMs(), timeoutMs / 100), timerMaxMs)
    return clock.setTimer(dueMs, () => {
      deps.onDue()
      if (!isStopped) watchdog = arm()
    })
  }
  let watchdog = arm()
  return {
    verdict() {
      const ms = silentMs()
      if (ms >= timeoutMs) return 'lost'
      return ms >= timeoutMs / 3 ? 'suspended' : 'serving'
    },
    heard(sentMs) {
      lastHeardMs = Math.max(lastHeardMs, sentMs)
    },
    stop() {
      isStopped = true
      watchdog.cancel()
    },
  }
}
