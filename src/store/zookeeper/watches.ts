import { createDoorbell } from '../../lib/doorbell.ts'
import type { OpenOptions } from '../open-options.ts'
import type { WatchTarget } from '../store.ts'
import type { Connection } from './connection.ts'
import type { Paths } from './paths.ts'
import { createWatchPoints } from './watch-points.ts'

/**
 * Doorbells on ZooKeeper's watches, which fire once: each is armed anew before its rings are delivered, so that who reads
 * on a ring misses nothing. A new connection starts without any; all are armed on it, and rung.
 */
export interface Watches {
  /** Those that the server holds for us, or is asked to. Never above the budget. */
  readonly count: number
  watch(target: WatchTarget, signal: AbortSignal): AsyncIterable<void>
  /** From now on this is the connection in use. */
  connected(connection: Connection): void
  close(): void
}

export function createWatches(
  deps: Pick<OpenOptions, 'clock' | 'metrics' | 'sessionTimeoutMs'> & { paths: Paths },
): Watches {
  const points = createWatchPoints(deps)
  let isClosed = false
  return {
    get count() {
      return isClosed ? 0 : points.watchCount
    },
    async *watch(target, signal) {
      if (isClosed || signal.aborted) return
      const bell = createDoorbell(signal)
      const leave = points.join(target, bell)
      signal.addEventListener('abort', leave, { once: true })
      try {
        yield* bell
      } finally {
        signal.removeEventListener('abort', leave)
        leave()
      }
    },
    connected: (connection) => points.connected(connection),
    close() {
      isClosed = true
      points.close()
    },
  }
}
