/**
 * One time for the whole cluster, whatever the wall clocks of its machines say. The leader writes a beacon every second, the
 * others hang their own monotonic clocks on it (estimate.ts). Deadlines are instants of this time.
 *
 * Promised: on one node it never runs back, over leaders, cold starts and wall clocks that jump. Not promised: that two
 * nodes agree to better than the delay of the store; nor that it agrees with the wall clocks: after a cold start it does, unless
 * the last beacon was ahead of them, for it never runs back.
 */
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Store } from '../store/store.ts'
import { type Beacon, beaconKey, readBeacon } from './beacon.ts'
import { type BeaconEnd, type BeaconGap, keepBeacon } from './beacon-keeper.ts'
import type { Leadership } from './election.ts'
import { createEstimate } from './estimate.ts'
import { startLookout } from './lookout.ts'

export interface ClusterClockDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
}

export interface LeadOptions {
  /** The median of the members' wall clocks, in milliseconds since 1970; asked only on a cold start. */
  medianWallMs: (signal: AbortSignal) => Promise<number>
  /**
   * Told before the first beacon of a cold start, and before one that comes more than `quietMsMax` after the last; waited for.
   * Where it throws it is told again; where the beacon cannot be written then, again when another `quietMsMax` has passed. Not
   * told on an empty store.
   */
  onGap: (gap: BeaconGap) => Promise<void>
}

export interface ClusterClock {
  /** Whole milliseconds since 1970, cluster time; undefined while unsettled. Never less than it told before. */
  now(): number | undefined
  readonly isSettled: boolean
  /** Told soon after `isSettled` has changed. Returns the way to stop listening. */
  onSettledChange(listener: () => void): () => void
  /** Cluster time minus our own wall clock, in milliseconds; 0 while unsettled. */
  offsetMs(): number
  /** How far our cluster time may be off, in milliseconds, by what the beacons tell; Infinity while unsettled. */
  errorMs(): number
  /** Follows the beacons until the signal aborts. Resolves after the first read. */
  follow(signal: AbortSignal): Promise<void>
  /**
   * Writes the beacons of our term; settles at the first. Resolves, with the reason, when we may not go on: then resign, and
   * campaign again. A node that is not settled should campaign only while no other member is: its time is a guess.
   */
  lead(leadership: Leadership, signal: AbortSignal, options: LeadOptions): Promise<BeaconEnd>
  /**
   * When a new beacon was last seen, on our own monotonic clock; undefined before `follow` has read. Time during which we could
   * not look (suspended, frozen) does not count as silence of the leader.
   */
  lastBeaconAt(): number | undefined
  /** The newest that was seen, or written here. */
  newestBeacon(): Beacon | undefined
}

const relookMs = 1_500
/** Not having looked for this long, we cannot tell silence from our own blindness. */
const blindMs = 2 * relookMs

export function createClusterClock(deps: ClusterClockDeps): ClusterClock {
  const { store, clock, metrics } = deps
  const estimate = createEstimate(deps)
  let newest: Beacon | undefined
  let heardAtMs: number | undefined
  let lookedAtMs = 0
  const settled = tellChanges(() => estimate.now() !== undefined)
  const offsetMs = () => {
    const timeMs = estimate.now()
    return timeMs === undefined ? 0 : timeMs - clock.wallMs()
  }
  const note = (beacon: Beacon) => {
    newest = beacon
    heardAtMs = clock.monotonicMs()
    metrics.gauge('clock_offset_seconds', offsetMs() / 1_000)
  }
  const follow = async (signal: AbortSignal) => {
    // What is read first, or first after a suspension, may be of any age: it is no sample.
    let isFirst = true
    const stopListening = store.onSessionChange((session) => {
      if (session.state !== 'serving') isFirst = true
    })
    signal.addEventListener('abort', stopListening, { once: true })
    await startLookout(deps, { key: beaconKey }, { signal, relookMs }, async () => {
      const wasFirst = isFirst
      isFirst = false
      const { beacon } = await readBeacon(store).catch((error: unknown) => {
        isFirst = true
        throw error
      })
      if (wasFirst || isBlind()) heardAtMs = clock.monotonicMs()
      lookedAtMs = clock.monotonicMs()
      const isNews = beacon !== undefined && isNewer(beacon, newest)
      if (isNews) note(beacon)
      if (isNews && !wasFirst) estimate.sample(beacon.term, beacon.timeMs)
      settled.check()
    })
  }
  const isBlind = () => clock.monotonicMs() - lookedAtMs > blindMs
  return {
    now: () => estimate.now(),
    get isSettled() {
      return estimate.now() !== undefined
    },
    onSettledChange: (listener) => settled.onChange(listener),
    offsetMs,
    errorMs: () => estimate.errorMs(),
    follow,
    async lead(leadership, signal, options) {
      const onBeacon = (beacon: Beacon) => {
        if (isNewer(beacon, newest)) note(beacon)
        settled.check()
      }
      const hooks = { ...options, onBeacon }
      const end = await keepBeacon({ ...deps, estimate }, leadership, signal, hooks)
      settled.check()
      return end
    },
    lastBeaconAt() {
      if (heardAtMs !== undefined && isBlind()) heardAtMs = clock.monotonicMs()
      return heardAtMs
    },
    newestBeacon: () => newest,
  }
}

/** Of a lower term, or older in the same: out of date, or from a leader that does not know yet that it was replaced. */
function isNewer(beacon: Beacon, than: Beacon | undefined): boolean {
  if (than === undefined || beacon.term > than.term) return true
  return beacon.term === than.term && beacon.timeMs > than.timeMs
}

/** Tells when an answer differs from the one at the check before; it begins as false. */
function tellChanges(ask: () => boolean) {
  const listeners = new Set<() => void>()
  let before = false
  return {
    check() {
      const now = ask()
      if (now === before) return
      before = now
      listeners.forEach((listener) => listener())
    },
    onChange(listener: () => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
