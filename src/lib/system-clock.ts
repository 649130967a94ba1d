import { type Clock, timerMaxMs } from './clock.ts'
import { assert } from './assert.ts'

/** The machine's clocks and timers. The one place that touches them. */
export const systemClock: Clock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
  setTimer(delayMs, fire) {
    assert(delayMs <= timerMaxMs, 'a timer is armed for at most an hour')
    const handle = setTimeout(fire, Math.max(0, Math.ceil(delayMs)))
    return { cancel: () => clearTimeout(handle) }
  },
}
