import { batch } from '@preact/signals'
import type { Clock, Timer } from '../../../src/lib/clock.ts'

/** What nodes tell is taken in once a frame, however much arrives: the newest is shown, and a slow phone does not fall behind. */
export interface Frames {
  /** In the order of the calls, all of a frame at once. */
  next(act: () => void): void
}

/** Where no frame comes, as when the window is covered. */
const withoutFrameMs = 100

export function browserFrames(clock: Clock): Frames {
  let waiting: (() => void)[] = []
  let timer: Timer | undefined
  const run = () => {
    timer?.cancel()
    const acts = waiting
    waiting = []
    batch(() => acts.forEach((act) => act()))
  }
  return {
    next(act) {
      waiting.push(act)
      // A tab that nobody looks at has no frames, and yet must ring when its visitor is outbid.
      if (document.hidden) run()
      else if (waiting.length === 1) {
        timer = clock.setTimer(withoutFrameMs, run)
        requestAnimationFrame(run)
      }
    },
  }
}
