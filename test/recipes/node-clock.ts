import type { Clock } from '../../src/lib/clock.ts'

/** One machine's clocks, hung on the clock of the test: with a skew of its own, pauses and sleeps. */
export interface NodeClock extends Clock {
  /** The wall clock is set, by an operator or NTP. */
  jumpWall(ms: number): void
  /** The machine slept for so long of the time that has passed: its monotonic clock did not count it. */
  loseMonotonic(ms: number): void
  /** The process stands still (SIGSTOP): no timer fires, while both clocks go on. */
  freeze(): void
  thaw(): void
}

export function createNodeClock(shared: Clock, skewMs = 0): NodeClock {
  let wallSkewMs = skewMs
  let lostMs = 0
  let isFrozen = false
  let held: (() => void)[] = []
  return {
    monotonicMs: () => shared.monotonicMs() - lostMs,
    wallMs: () => shared.wallMs() + wallSkewMs,
    setTimer(delayMs, fire) {
      let isCancelled = false
      const fireUnlessCancelled = () => {
        if (!isCancelled) fire()
      }
      const timer = shared.setTimer(delayMs, () => {
        if (isFrozen) held.push(fireUnlessCancelled)
        else fireUnlessCancelled()
      })
      return {
        cancel() {
          isCancelled = true
          timer.cancel()
        },
      }
    },
    jumpWall: (ms) => {
      wallSkewMs += ms
    },
    loseMonotonic: (ms) => {
      lostMs += ms
    },
    freeze: () => {
      isFrozen = true
    },
    thaw() {
      isFrozen = false
      const due = held
      held = []
      for (const fire of due) fire()
    },
  }
}
