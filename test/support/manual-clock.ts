import type { Clock, Timer } from '../../src/lib/clock.ts'

export interface ManualClock extends Clock {
  /** Moves both clocks on, firing due timers in order; promises settle between firings. */
  advance(ms: number): Promise<void>
  /** Moves only the wall clock, as an operator or NTP would. */
  jumpWall(ms: number): void
  readonly armedCount: number
}

/** A clock that stands still until the test moves it. */
export function createManualClock(startWallMs = Date.UTC(2026, 0, 1)): ManualClock {
  let nowMs = 0
  let wallOffsetMs = startWallMs
  let order = 0
  let timers: { atMs: number; order: number; fire: () => void }[] = []
  return {
    monotonicMs: () => nowMs,
    wallMs: () => nowMs + wallOffsetMs,
    setTimer(delayMs, fire): Timer {
      const timer = { atMs: nowMs + Math.max(0, delayMs), order: order++, fire }
      timers.push(timer)
      return { cancel: () => (timers = timers.filter((other) => other !== timer)) }
    },
    async advance(ms) {
      const untilMs = nowMs + ms
      await settle()
      for (;;) {
        const due = timers
          .filter((timer) => timer.atMs <= untilMs)
          .sort((a, b) => a.atMs - b.atMs || a.order - b.order)[0]
        if (due === undefined) break
        timers = timers.filter((timer) => timer !== due)
        nowMs = Math.max(nowMs, due.atMs)
        due.fire()
        await settle()
      }
      nowMs = untilMs
      await settle()
    },
    jumpWall: (ms) => {
      wallOffsetMs += ms
    },
    get armedCount() {
      return timers.length
    },
  }
}

/** Lets every promise that can settle without a timer do so. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
}
