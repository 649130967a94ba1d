import type { Doorbell } from '../../lib/doorbell.ts'
import type { OpenOptions } from '../open-options.ts'
import { storeLimits, type WatchTarget } from '../store.ts'
import type { Connection } from './connection.ts'
import type { Paths } from './paths.ts'
import type { Patience } from './patience.ts'
import { createPoller } from './poller.ts'
import { createWatchPoint, nameOfTarget, type WatchPoint } from './watch-point.ts'
import { createWatchTending } from './watch-tending.ts'

/** All that is watched: each point has its watch on the connection in use, waits for one, or is polled. */
export interface WatchPoints {
  /** Watches that the server holds for us, or is asked to. Never above the budget. */
  readonly watchCount: number
  /** One more listener; returns the way out. */
  join(target: WatchTarget, bell: Doorbell): () => void
  /** From now on this is the connection in use. */
  connected(connection: Connection): void
  close(): void
}

export function createWatchPoints(
  deps: Pick<OpenOptions, 'clock' | 'metrics' | 'sessionTimeoutMs'> & { paths: Paths },
): WatchPoints {
  const points = new Map<string, WatchPoint>()
  let connection: Connection | undefined
  let isClosed = false

  const patience = (): Patience => ({
    untilMs: deps.clock.monotonicMs() + deps.sessionTimeoutMs,
    signal: undefined,
  })
  const tending = createWatchTending({ ...deps, patience })
  const poller = createPoller({ ...deps, patience, connection: () => connection, retry: tend })

  function tend(point: WatchPoint) {
    if (point.isKept || isClosed) return
    if (point.bells.size === 0) {
      poller.remove(point)
      points.delete(point.name)
    } else if (connection?.isUp === true) {
      if (tending.count < storeLimits.watchesMax) keep(point, connection)
      else poller.add(point)
    }
  }
  function keep(point: WatchPoint, on: Connection) {
    poller.remove(point)
    point.isKept = true
    void tending.tend(point, on).then((isDone) => {
      point.isKept = false
      if (isDone) tend(point)
      else poller.add(point)
    })
  }
  function wakeAll() {
    for (const point of [...points.values()]) {
      point.wake()
      tend(point)
    }
  }
  return {
    get watchCount() {
      return tending.count
    },
    join(target, bell) {
      const point = points.get(nameOfTarget(target)) ?? createWatchPoint(target, deps.paths)
      points.set(point.name, point)
      point.bells.add(bell)
      if (point.isArmed) bell.ring()
      else if (!poller.join(point, bell)) tend(point)
      return () => {
        point.bells.delete(bell)
        if (point.bells.size > 0) return
        point.wake()
        tend(point)
      }
    },
    connected(opened) {
      connection = opened
      void opened.closed.then(wakeAll)
      wakeAll()
    },
    close() {
      isClosed = true
      poller.close()
      for (const point of points.values()) {
        for (const bell of point.bells) bell.close()
        point.wake()
      }
      points.clear()
    },
  }
}
