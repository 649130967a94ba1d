import { createDeferred } from '../../lib/deferred.ts'
import type { Metrics } from '../../lib/metrics.ts'
import type { Connection } from './connection.ts'
import type { Patience } from './patience.ts'
import { arm, disarm, type WatchPoint } from './watch-point.ts'

/** Keeps one point's watch armed on one connection. */
export interface WatchTending {
  /** Watches that the server holds for us, or is asked to. */
  readonly count: number
  /** Until nobody listens or the connection is down. False: the server does not do as asked. */
  tend(point: WatchPoint, connection: Connection): Promise<boolean>
}

export function createWatchTending(deps: {
  metrics: Metrics
  patience: () => Patience
}): WatchTending {
  let count = 0

  /** One arming, up to the change that it is for. Whether the watch is used up. */
  async function once(point: WatchPoint, connection: Connection): Promise<boolean> {
    const change = createDeferred<boolean>()
    point.wake = () => change.resolve(false)
    deps.metrics.gauge('watches', ++count)
    try {
      await arm(connection, point, () => change.resolve(true), deps.patience())
      point.isArmed = true
      for (const bell of point.bells) bell.ring()
      return await change.promise
    } finally {
      point.isArmed = false
      deps.metrics.gauge('watches', --count)
    }
  }
  return {
    get count() {
      return count
    },
    async tend(point, connection) {
      const isWanted = () => connection.isUp && point.bells.size > 0
      while (isWanted()) {
        try {
          const isUsedUp = await once(point, connection)
          if (!isUsedUp) disarm(connection, point.path, deps.patience())
        } catch {
          return !isWanted()
        }
      }
      return true
    },
  }
}
