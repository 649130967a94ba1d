import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson } from './codec.ts'
import type { ClusterTime } from './engine.ts'
import { keys } from './keyspace.ts'
import type { Interval } from './outage-record.ts'
import { putOver } from './put-over.ts'

/**
 * While a leader's beacon comes, it shows that the store serves. While none comes, the nodes that still take bids note it
 * themselves: one interval of cluster time in which some node served at every moment. So whoever leads next does not take the
 * absence of a leader for an outage.
 */
export interface ServiceNoteDeps {
  store: Store
  clock: Clock
  log: Log
  time: ClusterTime
  /** When we last heard a leader, on our monotonic clock; undefined before the first look. */
  lastBeaconAtMs: () => number | undefined
  /** Since when this node has served without a break, on our monotonic clock; undefined while it does not. */
  servingSinceMs: () => number | undefined
}

const everyMs = 1_000
/** A beacon is written every second, and looked for at least every one and a half. */
const quietMs = 2_000

/** The newest note, read fresh. @throws Suspended */
export async function readServiceNote(store: Store): Promise<Interval | undefined> {
  const entry = await store.get(keys.served, { fresh: true })
  return entry && (decodeJson(keys.served, entry.value) as Interval)
}

/** Notes it every second until the signal aborts. Never throws: what could not be noted now is by the next note. */
export async function keepServiceNote(deps: ServiceNoteDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps
  for (;;) {
    await sleep(clock, everyMs, signal).catch(() => undefined)
    if (signal.aborted) return
    const heardAtMs = deps.lastBeaconAtMs()
    if (heardAtMs === undefined || clock.monotonicMs() - heardAtMs < quietMs) continue
    try {
      await note(deps)
    } catch (error) {
      log.debug({ error: asError(error).message }, 'our service is noted later')
    }
  }
}

async function note({ store, clock, time, servingSinceMs }: ServiceNoteDeps): Promise<void> {
  const entry = await store.get(keys.served)
  const before = entry && (decodeJson(keys.served, entry.value) as Interval)
  const [to, sinceMs] = [time.now(), servingSinceMs()]
  if (to === undefined || sinceMs === undefined || to <= (before?.to ?? 0)) return
  const sinceTime = Math.ceil(to - (clock.monotonicMs() - sinceMs))
  const from =
    before === undefined || before.to < sinceTime ? sinceTime : Math.min(before.from, sinceTime)
  await putOver(store, keys.served, entry, encodeJson({ from, to } satisfies Interval))
}
