import { type Clock, sleep } from '../lib/clock.ts'
import { readBeacon } from '../recipes/beacon.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson } from './codec.ts'
import { keys } from './keyspace.ts'

/** In cluster time. */
export interface Interval {
  readonly from: number
  readonly to: number
}

/**
 * The newest outage of the store, kept in the store, so that every leader judges by the same evidence. A silence that one node
 * saw is an outage only if nobody wrote a beacon meanwhile: the link of one node is not the store.
 */
export interface OutageRecord {
  readonly newest: Interval | undefined
  /** @throws Suspended */
  read(): Promise<void>
  /** Judges a silence that has just ended, and keeps it when it was the store's. Tried again while the store is unsteady. */
  judge(silence: Interval): Promise<void>
}

/** Nodes agree on the time to about this. */
const slackMs = 500
const triesMax = 20
const retryMs = 100

export function createOutageRecord(deps: {
  store: Store
  clock: Clock
  /** Whether we lead in this term: our own beacons are no sign of others. */
  isOwnTerm: (term: bigint) => boolean
}): OutageRecord {
  const { store, clock } = deps
  const key = keys.outage
  let newest: Interval | undefined

  const read = async () => {
    const entry = await store.get(key, { fresh: true })
    const stored = entry && (decodeJson(key, entry.value) as Interval)
    if (stored !== undefined && stored.to > (newest?.to ?? 0)) newest = stored
    return entry !== undefined
  }
  const judgeOnce = async (silence: Interval) => {
    const { beacon } = await readBeacon(store, { fresh: true })
    const isAnothers = beacon !== undefined && !deps.isOwnTerm(beacon.term)
    if (isAnothers && beacon.timeMs > silence.from + slackMs) return
    const kind = (await read()) ? 'put' : 'create'
    if (newest !== undefined && newest.to >= silence.to) return
    newest = silence
    await store.commit({ guards: [], writes: [{ kind, key, value: encodeJson(silence) }] })
  }
  return {
    get newest() {
      return newest
    },
    async read() {
      await read()
    },
    async judge(silence) {
      for (let tries = 0; tries < triesMax; tries++) {
        try {
          await judgeOnce(silence)
          return
        } catch (error) {
          if (!(error instanceof Suspended || error instanceof OutcomeUnknown)) throw error
          await sleep(clock, retryMs)
        }
      }
    },
  }
}
