import type { Clock } from '../../lib/clock.ts'
import { createDoorbell, type Doorbell } from '../../lib/doorbell.ts'
import type { Metrics } from '../../lib/metrics.ts'
import { startMetronome } from './metronome.ts'
import { storeLimits, type WatchTarget } from '../store.ts'

/** How often a watch beyond the budget rings, since nothing tells it when. */
const pollEveryMs = 1_000

/** One client's watches: doorbells that ring when armed, when told, and after a break. */
export interface Watches {
  /** Those within the budget; the others poll. */
  readonly count: number
  watch(target: WatchTarget, signal: AbortSignal): AsyncIterable<void>
  /** After a break: anything may have changed. */
  ringAll(): void
  /** Ends every watch. */
  close(): void
}

export function createWatches(deps: {
  clock: Clock
  metrics: Metrics
  /** Whether a watch that is armed now may say so at once; otherwise `ringAll` will. */
  isServing: () => boolean
  subscribe: (target: WatchTarget, ring: () => void) => () => void
}): Watches {
  const bells = new Set<Doorbell>()
  let polledCount = 0
  let isClosed = false

  const poll = (bell: Doorbell) => {
    const stop = startMetronome(deps.clock, pollEveryMs, () => {
      if (deps.isServing()) bell.ring()
    })
    deps.metrics.gauge('store_watches_polled', ++polledCount)
    return () => {
      stop()
      deps.metrics.gauge('store_watches_polled', --polledCount)
    }
  }
  return {
    get count() {
      return bells.size - polledCount
    },
    async *watch(target, signal) {
      if (isClosed || signal.aborted) return
      const bell = createDoorbell(signal)
      const stop =
        bells.size - polledCount < storeLimits.watchesMax
          ? deps.subscribe(target, () => bell.ring())
          : poll(bell)
      bells.add(bell)
      if (deps.isServing()) bell.ring()
      try {
        yield* bell
      } finally {
        stop()
        bells.delete(bell)
      }
    },
    ringAll() {
      for (const bell of bells) bell.ring()
    },
    close() {
      isClosed = true
      for (const bell of bells) bell.close()
    },
  }
}
