import type { Outage } from '../auction/commands.ts'
import type { Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'
import type { ClusterTime, ServiceState } from './engine.ts'

/**
 * Since when the store has served this node without a break, and the newest break: the evidence for giving time back.
 * A change of leader is no break; a store that was silent is.
 */
export interface ServiceRecord {
  readonly service: ServiceState
  /**
   * Undefined while the store does not serve or the clock is unsettled. `coldGap` is a break that was not seen here: the one
   * before a cold start of the whole cluster.
   */
  evidence(coldGap?: Interval): { servingSince: number; outage?: Outage } | undefined
  onChange(listener: (state: ServiceState) => void): () => void
}

/** In cluster time. */
interface Interval {
  readonly from: number
  readonly to: number
}

export function createServiceRecord(deps: {
  store: Store
  clock: Clock
  time: ClusterTime
}): ServiceRecord {
  const { store, clock, time } = deps
  const listeners = new Set<(state: ServiceState) => void>()
  let suspendedAtMs: number | undefined
  let service: ServiceState = { state: 'serving' }
  let newest: { fromMs: number; toMs: number } | undefined

  /** An instant of our monotonic clock as cluster time. */
  const toCluster = (monotonicMs: number) => {
    const now = time.now()
    return now === undefined ? undefined : Math.round(now - (clock.monotonicMs() - monotonicMs))
  }
  const change = (state: ServiceState) => {
    service = state
    listeners.forEach((listener) => listener(state))
  }
  const look = () => {
    const isServing = store.session.state === 'serving'
    if (!isServing && suspendedAtMs === undefined) {
      suspendedAtMs = clock.monotonicMs()
      change({ state: 'paused', reason: 'the store does not answer' })
    }
    if (isServing && suspendedAtMs !== undefined) {
      newest = { fromMs: suspendedAtMs, toMs: clock.monotonicMs() }
      suspendedAtMs = undefined
      change({ state: 'serving' })
    }
  }
  store.onSessionChange(look)
  look()

  return {
    get service() {
      return service
    },
    evidence(coldGap) {
      if (suspendedAtMs !== undefined) return undefined
      const seen = newest === undefined ? coldGap : clusterInterval(newest, toCluster)
      if (time.now() === undefined) return undefined
      if (seen === undefined) return { servingSince: 0 }
      return { servingSince: seen.to, outage: { id: `o${seen.from}`, ...seen } }
    },
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function clusterInterval(
  { fromMs, toMs }: { fromMs: number; toMs: number },
  toCluster: (ms: number) => number | undefined,
): Interval | undefined {
  const from = toCluster(fromMs)
  const to = toCluster(toMs)
  return from === undefined || to === undefined ? undefined : { from, to }
}
