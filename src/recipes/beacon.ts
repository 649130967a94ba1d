import type { Guard, Key, Store, Write } from '../store/store.ts'
import { decodeJson, encodeJson } from './json.ts'

/** What the leader writes every second: whose term, and what time it is in the cluster. */
export interface Beacon {
  readonly term: bigint
  /** Milliseconds since 1970, cluster time. */
  readonly timeMs: number
}

/** The permanent leaf that holds the newest beacon. */
export const beaconKey: Key = 'clock'

/** A longer silence between two beacons is asked about: did anybody serve meanwhile? */
export const quietMsMax = 3_500

export interface StoredBeacon {
  /** The version of the leaf; undefined while there is none. */
  readonly version: string | undefined
  readonly beacon: Beacon | undefined
}

/** @throws Suspended */
export async function readBeacon(
  store: Store,
  options: { fresh?: boolean } = {},
): Promise<StoredBeacon> {
  const entry = await store.get(beaconKey, options)
  return { version: entry?.version, beacon: entry && decodeBeacon(entry.value) }
}

/** The write of a beacon over the one that was read, and the guard that proves nothing came between. */
export function beaconWrite(
  over: StoredBeacon,
  { term, timeMs }: Beacon,
): { guards: Guard[]; write: Write } {
  const value = encodeJson({ term: term.toString(), time: timeMs })
  if (over.version === undefined)
    return { guards: [], write: { kind: 'create', key: beaconKey, value } }
  return {
    guards: [{ kind: 'unchanged', key: beaconKey, version: over.version }],
    write: { kind: 'put', key: beaconKey, value },
  }
}

/** Undefined for what is no beacon: it is then ignored, and overwritten by the next leader. */
function decodeBeacon(value: Uint8Array): Beacon | undefined {
  const content = decodeJson(value)
  const { term, time } = content ?? {}
  if (typeof term !== 'string' || !/^\d+$/.test(term) || typeof time !== 'number') return undefined
  return { term: BigInt(term), timeMs: time }
}
