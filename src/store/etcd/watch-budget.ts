import type { Metrics } from '../../lib/metrics.ts'
import { storeLimits } from '../store.ts'
import type { Polled } from './polls.ts'
import type { Watched, WatchLine } from './watch-line.ts'

/** Who gets a watcher, and who is polled because there are no more. */
export interface WatchBudget {
  place(target: Watched & Polled): void
  /** Its watcher, if it had one, goes to one of the polled. */
  release(target: Watched & Polled): void
}

export function createWatchBudget(deps: { line: WatchLine; metrics: Metrics }): WatchBudget {
  const polled = new Set<Watched & Polled>()
  let armedCount = 0

  const report = () => deps.metrics.gauge('store_watches_polled', polled.size)
  const arm = (target: Watched & Polled) => {
    armedCount++
    deps.line.add(target)
  }
  return {
    place(target) {
      target.isPolled = armedCount >= storeLimits.watchesMax
      if (!target.isPolled) {
        arm(target)
        return
      }
      polled.add(target)
      report()
    },
    release(target) {
      if (polled.delete(target)) {
        report()
        return
      }
      armedCount--
      deps.line.remove(target)
      const [heir] = polled
      if (heir === undefined) return
      polled.delete(heir)
      heir.isPolled = false
      arm(heir)
      report()
    },
  }
}
