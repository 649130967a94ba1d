/**
 * Time as a dependency. Nothing outside `system-clock.ts` reads the machine's clocks or arms its timers,
 * so that a test or the simulator can drive a whole node by hand.
 */
export interface Clock {
  /** Milliseconds on a clock that never jumps and never runs back; its zero means nothing. May be fractional. */
  monotonicMs(): number
  /** Milliseconds since 1970 by the machine's wall clock; may jump either way. */
  wallMs(): number
  /** Calls `fire` once, not before `delayMs` (0 to one hour) has passed. */
  setTimer(delayMs: number, fire: () => void): Timer
}

export interface Timer {
  /** Prevents a firing that has not happened yet; harmless afterwards. */
  cancel(): void
}

/** Longest delay a timer may be armed for; whoever waits longer re-arms. */
export const timerMaxMs = 3_600_000

/** Resolves after `ms`; rejects with the signal's reason when aborted first. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(asError(signal.reason))
      return
    }
    const onAbort = () => {
      timer.cancel()
      reject(asError(signal?.reason))
    }
    const timer = clock.setTimer(Math.min(ms, timerMaxMs), () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}

/** What was thrown, as an Error: abort reasons and rejections may be anything. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}
