import { decodeJson, encodeJson } from '../engine/codec.ts'
import { keys } from '../engine/keyspace.ts'
import type { Store } from '../store/store.ts'

/**
 * How often this store was started uncleanly; it is part of every epoch, so that a position from before such a start is
 * answered with a snapshot. Counts one more when the last stop was unclean.
 */
export async function readGeneration(store: Store, wasCleanStop: boolean): Promise<number> {
  const key = keys.generation
  const entry = await store.get(key, { fresh: true })
  const stored = entry === undefined ? 0 : Number(decodeJson(key, entry.value))
  if (wasCleanStop) return stored
  const value = encodeJson(stored + 1)
  const kind = entry === undefined ? 'create' : 'put'
  await store.commit({ guards: [], writes: [{ kind, key, value }] })
  return stored + 1
}
