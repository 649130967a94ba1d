import { asError, type Clock, timerMaxMs } from '../../lib/clock.ts'
import type { CallOptions } from '../store.ts'

/** How long one call of the port may wait for the store, whatever it is made of. */
export interface Patience {
  /** On the monotonic clock. */
  readonly untilMs: number
  readonly signal: AbortSignal | undefined
}

/** @throws the signal's reason when it is aborted already: nothing was begun then */
export function patienceOf(clock: Clock, options: CallOptions, defaultMs: number): Patience {
  if (options.signal?.aborted === true) throw asError(options.signal.reason)
  return {
    untilMs: clock.monotonicMs() + (options.deadlineMs ?? defaultMs),
    signal: options.signal,
  }
}

/** Calls `giveUp` once, when patience ends. Returns the way to call that off. */
export function whenOver(clock: Clock, patience: Patience, giveUp: () => void): () => void {
  const end = () => {
    timer.cancel()
    patience.signal?.removeEventListener('abort', over)
  }
  const over = () => {
    end()
    giveUp()
  }
  const isOver = patience.signal?.aborted === true
  const leftMs = isOver ? 0 : Math.max(0, patience.untilMs - clock.monotonicMs())
  const timer = clock.setTimer(Math.min(leftMs, timerMaxMs), over)
  patience.signal?.addEventListener('abort', over, { once: true })
  return end
}
