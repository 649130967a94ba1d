import type { Outage } from '../auction/commands.ts'
import { type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { OperatingError } from '../lib/errors.ts'
import { keepLookout } from '../recipes/lookout.ts'
import { quietMsMax, readBeacon } from '../recipes/beacon.ts'
import { OutcomeUnknown, SessionLost, Suspended } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { createKeptOutages } from './kept-outages.ts'
import { keys } from './keyspace.ts'
import { readServiceNotes } from './service-note.ts'

/** In cluster time. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/**
 * The newest outages of the store, kept in the store, so that every leader judges by the same evidence. A silence that one node
 * saw is an outage only where nobody wrote a beacon or noted his service: the link of one node is not the store. Several
 * are kept: a store that comes back may falter once more, and that must not take away what its long silence is owed for.
 */
export interface OutageRecord {
  /** Oldest first; what nodes saw of the same one is one. */
  readonly recent: readonly Outage[]
  /** @throws Suspended */
  read(): Promise<void>
  /** Judges a silence that has just ended, and keeps it when it was the store's. Tried again while the store is unsteady. */
  judge(silence: Interval): Promise<void>
  /**
   * Keeps the time for which nobody was left who knew the time, but for what was noted to have been served. @throws Suspended,
   * OutcomeUnknown, SessionLost, or when another node kept one at the same time: to be tried again
   */
  keepColdGap(gap: Interval): Promise<void>
  /**
   * Keeps what is long of the times before a beacon in which neither its writer served nor, as is noted, anybody else: the one
   * evidence where whoever saw the silence comes back later than the next leader. @throws as `keepColdGap`
   */
  keepUnserved(breaks: readonly Interval[]): Promise<void>
  /** Learns what others keep until the signal aborts. Never throws. */
  follow(signal: AbortSignal): Promise<void>
  /** Tries no more. */
  close(): void
}

/** Nodes agree on the time to about this. */
const slackMs = 500
/** Who serves without a leader notes it first so long after the last beacon, its way included. */
const unnotedMs = quietMsMax
const relookMs = 5_000
/** Beside those that meet a store that is suspended: until it serves there is nothing else to do. */
const triesMax = 20
const retryMs = 100

export function createOutageRecord(deps: {
  store: Store
  clock: Clock
  log: Log
  /** Whether we lead in this term: our own beacons are no sign of others. */
  isOwnTerm: (term: bigint) => boolean
}): OutageRecord {
  const { store, clock } = deps
  const kept = createKeptOutages(store)
  let isClosed = false

  const judgeOnce = async (silence: Interval): Promise<boolean> => {
    const { beacon } = await readBeacon(store, { fresh: true })
    const isAnothers = beacon !== undefined && !deps.isOwnTerm(beacon.term)
    if (isAnothers && beacon.timeMs > silence.from + slackMs) {
      // What others found out about it may be there already.
      await kept.read()
      return true
    }
    const served = await readServiceNotes(store)
    return kept.add(without(silence, served).filter((lost) => isLost(lost, silence)))
  }
  const settle = async (once: () => Promise<boolean>) => {
    for (let tries = 0; tries < triesMax && !isClosed;) {
      try {
        if (await once()) return
        tries++
      } catch (error) {
        if (error instanceof OutcomeUnknown || error instanceof SessionLost) tries++
        else if (!(error instanceof Suspended)) throw error
      }
      await sleep(clock, retryMs)
    }
  }
  return {
    get recent() {
      return kept.recent()
    },
    read: () => kept.read(),
    judge: (silence) => settle(() => judgeOnce(silence)),
    async keepColdGap(gap) {
      const lost = without(gap, await readServiceNotes(store))
      if (!(await kept.add(lost))) throw new KeptElsewhere()
    },
    async keepUnserved(breaks) {
      const isLong = ({ from, to }: Interval) => to - from > unnotedMs
      if (!breaks.some(isLong)) return
      const served = await readServiceNotes(store)
      const lost = breaks.flatMap((gap) => without(gap, served)).filter(isLong)
      if (lost.length > 0 && !(await kept.add(lost))) throw new KeptElsewhere()
    },
    async follow(signal) {
      const options = { signal, relookMs, isLookedAt: true }
      await keepLookout(deps, { key: keys.outage }, options, () => kept.read())
    },
    close: () => {
      isClosed = true
    },
  }
}

class KeptElsewhere extends OperatingError {
  constructor() {
    super('overtaken', 'another node keeps an outage at the same time; try again')
  }
}

/** A piece of a silence at whose other end somebody served: shorter than this it is only the time between two signs of that. */
function isLost({ from, to }: Interval, silence: Interval): boolean {
  if (from === silence.from && to === silence.to) return true
  return to - from > (from === silence.from ? slackMs : unnotedMs)
}

/** What is left of a time; at its ends some nodes may have served, or in its midst. */
function without(gap: Interval, served: readonly Interval[]): readonly Interval[] {
  return served.reduce<readonly Interval[]>(
    (left, { from, to }) =>
      left
        .flatMap((piece) => [
          { from: piece.from, to: Math.min(piece.to, from) },
          { from: Math.max(piece.from, to), to: piece.to },
        ])
        .filter((piece) => piece.to - piece.from > 0),
    [gap],
  )
}
