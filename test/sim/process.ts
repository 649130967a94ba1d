import type { Clock } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { SimTime } from './sim-time.ts'

/**
 * One incarnation of a program: everything that reaches it (its timers, answers, frames) comes through `enter`. Frozen, it
 * finds all of that waiting when it wakes, as after SIGSTOP; dead, nothing reaches it any more.
 */
export interface SimProcess {
  readonly name: string
  /** In ms of the world: when it began, or its machine's wall clock was set last. */
  readonly clockSetMs: number
  /** Since when it runs without a freeze. */
  readonly awakeSinceMs: number
  readonly state: 'runs' | 'frozen' | 'dead'
  readonly clock: Clock
  enter(happen: () => void): void
  freeze(): void
  thaw(): void
  kill(): void
  /** The machine's wall clock is set. */
  jumpWall(byMs: number): void
}

/** Timers fire a little late. */
const timerLateMsMax = 1

export function createProcess(
  name: string,
  {
    time,
    entropy,
    wallOffsetMs,
    driftPpm,
  }: {
    time: SimTime
    entropy: Entropy
    /** Of the machine's wall clock, to the true time. */
    wallOffsetMs: number
    /** How much too fast its clocks run. */
    driftPpm: number
  },
): SimProcess {
  const rate = 1 + driftPpm / 1_000_000
  let state: SimProcess['state'] = 'runs'
  let waiting: (() => void)[] = []
  let jumpedMs = 0
  let clockSetMs = time.nowMs
  let awakeSinceMs = time.nowMs

  const enter = (happen: () => void) => {
    if (state === 'runs') happen()
    else if (state === 'frozen') waiting.push(happen)
  }
  return {
    name,
    get clockSetMs() {
      return clockSetMs
    },
    get awakeSinceMs() {
      return state === 'runs' ? awakeSinceMs : Infinity
    },
    get state() {
      return state
    },
    enter,
    clock: {
      monotonicMs: () => time.nowMs * rate,
      wallMs: () => worldBeganAtMs + time.nowMs * rate + wallOffsetMs + jumpedMs,
      setTimer(delayMs, fire) {
        let isCancelled = false
        const lateMs = entropy.random() * timerLateMsMax
        const timer = time.after(delayMs / rate + lateMs, () =>
          enter(() => {
            if (!isCancelled) fire()
          }),
        )
        return {
          cancel() {
            isCancelled = true
            timer.cancel()
          },
        }
      },
    },
    freeze() {
      if (state === 'runs') state = 'frozen'
    },
    thaw() {
      if (state !== 'frozen') return
      state = 'runs'
      awakeSinceMs = time.nowMs
      const late = waiting
      waiting = []
      // One by one, in order: between two of them promises settle.
      late.forEach((happen, index) => time.after(index / 1_000, () => enter(happen)))
    },
    kill() {
      state = 'dead'
      waiting = []
    },
    jumpWall(byMs) {
      jumpedMs += byMs
      clockSetMs = time.nowMs
    },
  }
}

/** The true wall clock when a world begins. */
export const worldBeganAtMs = Date.UTC(2026, 0, 1)
