import type { Clock, Timer } from '../../lib/clock.ts'

/** Tells once when something was not used for so long. Noting a use is cheap: no timer is armed for it. */
export interface Disuse {
  used(): void
  stop(): void
}

export function createDisuse(clock: Clock, afterMs: number, onDisuse: () => void): Disuse {
  let usedAtMs = clock.monotonicMs()
  let timer: Timer
  const arm = (inMs: number) => {
    timer = clock.setTimer(inMs, () => {
      const leftMs = usedAtMs + afterMs - clock.monotonicMs()
      if (leftMs > 0) arm(leftMs)
      else onDisuse()
    })
  }
  arm(afterMs)
  return {
    used() {
      usedAtMs = clock.monotonicMs()
    },
    stop: () => timer.cancel(),
  }
}
