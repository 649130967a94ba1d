import type { Clock } from '../lib/clock.ts'

/** A short wait for those who are expected, before what is there is taken. One at a time. */
export interface Gathering {
  /** Resolves when `note` has told of so many, `end` was called, or so long has passed. */
  wait(count: number, withinMs: number): Promise<void>
  /** So many are there now. */
  note(count: number): void
  end(): void
}

export function createGathering(clock: Clock): Gathering {
  let expected = Infinity
  let end = nothing
  return {
    wait: (count, withinMs) =>
      new Promise((resolve) => {
        expected = count
        end = () => {
          expected = Infinity
          end = nothing
          timer.cancel()
          resolve()
        }
        const timer = clock.setTimer(withinMs, () => end())
      }),
    note(count) {
      if (count >= expected) end()
    },
    end: () => end(),
  }
}

const nothing = (): void => undefined
