import type { Outage } from '../auction/commands.ts'
import type { Store } from '../store/store.ts'
import { decodeJson, encodeJson } from './codec.ts'
import { keys } from './keyspace.ts'
import type { Interval } from './outage-record.ts'
import { putOver } from './put-over.ts'

/** The newest outages as they lie in the store. */
export interface KeptOutages {
  /** As last read or written here; oldest first, what overlaps is one. */
  recent(): readonly Outage[]
  /** @throws Suspended */
  read(): Promise<void>
  /** False when another node wrote meanwhile. @throws Suspended, OutcomeUnknown, SessionLost */
  add(lost: readonly Interval[]): Promise<boolean>
}

/** Beyond it the oldest is forgotten. */
const recentMax = 16

export function createKeptOutages(store: Store): KeptOutages {
  const key = keys.outage
  let recent: readonly Outage[] = []
  let writtenCount = 0

  const read = async () => {
    const before = writtenCount
    const entry = await store.get(key, { fresh: true })
    const isNewest = writtenCount === before
    if (entry !== undefined && isNewest) recent = outagesOf(decodeJson(key, entry.value))
    return entry
  }
  return {
    recent: () => recent,
    async read() {
      await read()
    },
    async add(lost) {
      const entry = await read()
      const joined = lost.reduce(join, recent)
      if (joined === recent) return true
      if (!(await putOver(store, key, entry, encodeJson(joined)))) return false
      writtenCount++
      recent = joined
      return true
    },
  }
}

/** Nodes agree on the time to about this. */
const slackMs = 500

/**
 * What overlaps is one outage. Under the name that it was given first it may have been given back already, so that it gets
 * another when it grows; what only meets is two, for that same reason.
 */
function join(outages: readonly Outage[], silence: Interval): readonly Outage[] {
  const { from, to } = silence
  if (outages.some((outage) => outage.from <= from && to <= outage.to)) return outages
  const isSame = (outage: Outage) => outage.from < to && from < outage.to
  const same = outages.filter(isSame)
  const knownTo = Math.max(...same.map((outage) => outage.to))
  const known = to > knownTo + slackMs ? `o${knownTo}` : same[0]?.id
  const one = {
    id: same.length === 0 || known === undefined ? `o${from}` : known,
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
