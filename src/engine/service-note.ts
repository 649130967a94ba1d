import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson, Unreadable } from './codec.ts'
import type { ClusterTime } from './engine.ts'
import { keys } from './keyspace.ts'
import type { Interval } from './outage-record.ts'
import { putOver } from './put-over.ts'

/**
 * While a leader's beacon comes, it shows that the store serves. While none comes, the nodes that still take bids note it
 * themselves: intervals of cluster time in which some node served at every moment. So whoever leads next does not take the
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

/** Kept at most: more than one leader's absence has. */
const notesMax = 8

/**
 * The newest notes, oldest first, read fresh: intervals of cluster time. None where they cannot be read: time is given back then.
 * @throws Suspended
 */
export async function readServiceNotes(store: Store): Promise<readonly Interval[]> {
  return notesIn(await store.get(keys.served, { fresh: true }))
}

/** An earlier version kept one. */
function notesIn(entry: { readonly value: Uint8Array } | undefined): readonly Interval[] {
  if (entry === undefined) return []
  try {
    return [decodeJson(keys.served, entry.value)].flat().filter(isInterval)
  } catch (error) {
    if (error instanceof Unreadable) return []
    throw error
  }
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

function isInterval(value: unknown): value is Interval {
  const { from, to } = (value ?? {}) as Partial<Interval>
  return typeof from === 'number' && typeof to === 'number'
}

async function note({ store, clock, time, servingSinceMs }: ServiceNoteDeps): Promise<void> {
  const entry = await store.get(keys.served)
  const [to, sinceMs] = [time.now(), servingSinceMs()]
  if (to === undefined || sinceMs === undefined) return
  const from = Math.ceil(to - (clock.monotonicMs() - sinceMs))
  const notes = notesIn(entry)
  const met = notes.filter((other) => other.from <= to && from <= other.to)
  if (met.some((other) => other.from <= from && to <= other.to)) return
  const ours = {
    from: Math.min(from, ...met.map((other) => other.from)),
    to: Math.max(to, ...met.map((other) => other.to)),
  }
  const all = [...notes.filter((other) => !met.includes(other)), ours]
  const newest = all.sort((a, b) => a.from - b.from).slice(-notesMax)
  await putOver(store, keys.served, entry, encodeJson(newest))
}
