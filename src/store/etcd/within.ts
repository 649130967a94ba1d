import type { Clock } from '../../lib/clock.ts'

export interface Patience {
  readonly ms: number
  readonly signal?: AbortSignal | undefined
}

/**
 * What was asked, or `unanswered()` once patience ends. Our own timer decides, not the library's: an answer that comes later
 * is dropped, a question that was sent is not taken back.
 */
export function within<T>(
  clock: Clock,
  patience: Patience,
  asked: Promise<T>,
  unanswered: () => Error,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = () => {
      timer.cancel()
      patience.signal?.removeEventListener('abort', giveUp)
    }
    const giveUp = () => {
      end()
      reject(unanswered())
    }
    const timer = clock.setTimer(Math.max(0, patience.ms), giveUp)
    patience.signal?.addEventListener('abort', giveUp, { once: true })
    asked.then(
      (value) => {
        end()
        resolve(value)
      },
      (error: unknown) => {
        end()
        reject(error instanceof Error ? error : new Error(String(error)))
      },
    )
  })
}
