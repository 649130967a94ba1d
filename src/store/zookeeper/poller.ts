import type { Timer } from '../../lib/clock.ts'
import type { Doorbell } from '../../lib/doorbell.ts'
import type { OpenOptions } from '../open-options.ts'
import type { Connection } from './connection.ts'
import type { Patience } from './patience.ts'
import { fingerprint, type WatchPoint } from './watch-point.ts'

/** How often what is beyond the budget of watches is looked at. */
const pollEveryMs = 1_000
/** Questions of one round that are under way at once. */
const pollWindow = 200

/** Looks at what has no watch, and rings when it changed. */
export interface Poller {
  /** Rings as soon as it was looked at once. */
  add(point: WatchPoint): void
  remove(point: WatchPoint): void
  /** One more listener; false when the point is not polled. */
  join(point: WatchPoint, bell: Doorbell): boolean
  close(): void
}

export function createPoller(
  deps: Pick<OpenOptions, 'clock' | 'metrics'> & {
    connection: () => Connection | undefined
    patience: () => Patience
    /** There may be room for a watch again. Removes the point if so. */
    retry: (point: WatchPoint) => void
  },
): Poller {
  const points = new Set<WatchPoint>()
  let timer: Timer | undefined
  let isClosed = false

  async function look(point: WatchPoint) {
    const connection = deps.connection()
    if (connection?.isUp !== true) return
    try {
      const seen = await fingerprint(connection, point, deps.patience())
      if (seen === point.seen) return
      point.seen = seen
      for (const bell of point.bells) bell.ring()
    } catch {
      // No answer is no news; the next round asks again.
    }
  }
  async function round() {
    for (const point of [...points]) deps.retry(point)
    const left = [...points]
    for (let start = 0; start < left.length && !isClosed; start += pollWindow) {
      await Promise.all(left.slice(start, start + pollWindow).map(look))
    }
    timer = undefined
    arm()
  }
  function arm() {
    if (isClosed || points.size === 0) return
    timer ??= deps.clock.setTimer(pollEveryMs, () => void round())
  }
  function gauge() {
    deps.metrics.gauge('store_watches_polled', points.size)
  }
  return {
    add(point) {
      if (isClosed || points.has(point)) return
      points.add(point)
      point.seen = undefined
      gauge()
      void look(point)
      arm()
    },
    remove(point) {
      if (points.delete(point)) gauge()
    },
    join(point, bell) {
      if (!points.has(point)) return false
      bell.ring()
      return true
    },
    close() {
      isClosed = true
      points.clear()
      timer?.cancel()
    },
  }
}
