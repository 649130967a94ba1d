import type { Outage } from '../auction/commands.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import { readBeacon } from '../recipes/beacon.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson } from './codec.ts'
import { keys } from './keyspace.ts'
import { readServiceNote } from './service-note.ts'

/** In cluster time. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/**
 * The newest outages of the store, kept in the store, so that every leader judges by the same evidence. A silence that one node
 * saw is an outage only if nobody wrote a beacon or noted his service meanwhile: the link of one node is not the store. Several
 * are kept: a store that comes back may falter once more, and that must not take away what its long silence is owed for.
 */
export interface OutageRecord {
  /** Oldest first; what nodes saw of the same one is one. */
  readonly recent: readonly Outage[]
  /** @throws Suspended */
  read(): Promise<void>
  /** Judges a silence that has just ended, and keeps it when it was the store's. Tried again while the store is unsteady. */
  judge(silence: Interval): Promise<void>
  /** Keeps the time for which nobody was left who knew the time, but for what was noted to have been served. */
  keepColdGap(gap: Interval): Promise<void>
  /** Tries no more. */
  close(): void
}

/** Nodes agree on the time to about this. */
const slackMs = 500
/** Beside those that meet a store that is suspended: until it serves there is nothing else to do. */
const triesMax = 20
const retryMs = 100
const recentMax = 16

export function createOutageRecord(deps: {
  store: Store
  clock: Clock
  /** Whether we lead in this term: our own beacons are no sign of others. */
  isOwnTerm: (term: bigint) => boolean
}): OutageRecord {
  const { store, clock } = deps
  const key = keys.outage
  let recent: readonly Outage[] = []
  let isClosed = false

  const read = async () => {
    const entry = await store.get(key, { fresh: true })
    if (entry !== undefined) recent = outagesOf(decodeJson(key, entry.value))
    return entry
  }
  /** Whether it is settled; false when another node wrote meanwhile. */
  const keepOnce = async (lost: readonly Interval[]): Promise<boolean> => {
    const entry = await read()
    const joined = lost.reduce(join, recent)
    if (joined === recent) return true
    const value = encodeJson(joined)
    const { ok } = await store.commit(
      entry === undefined
        ? { guards: [], writes: [{ kind: 'create', key, value }] }
        : {
            guards: [{ kind: 'unchanged', key, version: entry.version }],
            writes: [{ kind: 'put', key, value }],
          },
    )
    if (ok) recent = joined
    return ok
  }
  const judgeOnce = async (silence: Interval): Promise<boolean> => {
    const { beacon } = await readBeacon(store, { fresh: true })
    const isAnothers = beacon !== undefined && !deps.isOwnTerm(beacon.term)
    if (isAnothers && beacon.timeMs > silence.from + slackMs) return true
    const served = await readServiceNote(store)
    // Whoever served at its start tells of a silence of his own, should he have seen one.
    if (served !== undefined && liesWithin(silence.from + slackMs, served)) return true
    const isBackFirst = served !== undefined && liesWithin(served.from, silence)
    return keepOnce([isBackFirst ? { from: silence.from, to: served.from } : silence])
  }
  const settle = async (once: () => Promise<boolean>) => {
    for (let tries = 0; tries < triesMax && !isClosed;) {
      try {
        if (await once()) return
        tries++
      } catch (error) {
        if (error instanceof OutcomeUnknown) tries++
        else if (!(error instanceof Suspended)) throw error
      }
      await sleep(clock, retryMs)
    }
  }
  return {
    get recent() {
      return recent
    },
    async read() {
      await read()
    },
    judge: (silence) => settle(() => judgeOnce(silence)),
    keepColdGap: (gap) => settle(async () => keepOnce(without(gap, await readServiceNote(store)))),
    close: () => {
      isClosed = true
    },
  }
}

function liesWithin(timeMs: number, { from, to }: Interval): boolean {
  return from <= timeMs && timeMs <= to
}

/** What is left of a gap; in its end some nodes may have served, or in its midst. */
function without(gap: Interval, served: Interval | undefined): readonly Interval[] {
  if (served === undefined) return [gap]
  const before = { from: gap.from, to: Math.min(gap.to, served.from) }
  const after = { from: Math.max(gap.from, served.to), to: gap.to }
  return [before, after].filter(({ from, to }) => to - from > 0)
}

/** What overlaps is one outage, under the name that it was given first: it may have been given back already. */
function join(outages: readonly Outage[], silence: Interval): readonly Outage[] {
  const { from, to } = silence
  if (outages.some((outage) => outage.from <= from && to <= outage.to)) return outages
  const isSame = (outage: Outage) => outage.from <= to && from <= outage.to
  const same = outages.filter(isSame)
  const one = {
    id: same[0]?.id ?? `o${from}`,
    from: Math.min(from, ...same.map((outage) => outage.from)),
    to: Math.max(to, ...same.map((outage) => outage.to)),
  }
  const others = outages.filter((outage) => !isSame(outage))
  return [...others, one].sort((a, b) => a.from - b.from).slice(-recentMax)
}

/** Earlier versions kept the newest one only. */
function outagesOf(stored: unknown): readonly Outage[] {
  if (Array.isArray(stored)) return stored as Outage[]
  const { from, to } = stored as Interval
  return [{ id: `o${from}`, from, to }]
}
