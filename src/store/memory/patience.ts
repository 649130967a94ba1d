import { type Clock, timerMaxMs } from '../../lib/clock.ts'
import { OutcomeUnknown } from '../errors.ts'
import type { CallOptions } from '../store.ts'

/** The answer to what was sent, or OutcomeUnknown at the caller's deadline or signal; what comes later is nobody's. */
export function patiently<T>(
  clock: Clock,
  { signal, deadlineMs }: CallOptions,
  answer: Promise<T>,
): Promise<T> {
  if (signal === undefined && deadlineMs === undefined) return answer
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      stop()
      reject(new OutcomeUnknown())
    }
    const timer = clock.setTimer(Math.min(deadlineMs ?? timerMaxMs, timerMaxMs), giveUp)
    const stop = () => {
      timer.cancel()
      signal?.removeEventListener('abort', giveUp)
    }
    if (signal?.aborted) giveUp()
    else signal?.addEventListener('abort', giveUp, { once: true })
    answer.then(resolve, reject).finally(stop)
  })
}
