import { decodeJson, encodeJson } from '../engine/codec.ts'
import { keys } from '../engine/keyspace.ts'
import type { Entropy } from '../lib/entropy.ts'
import { OutcomeUnknown, Suspended } from '../store/errors.ts'
import type { Store } from '../store/store.ts'

const nameByteCount = 6
const triesMax = 4

/**
 * Eight of `A-Za-z0-9_-`, the same for all nodes of a store and for ever; cookies carry it, so that two clusters on one host
 * do not take each other's. The first node that starts makes it.
 * @throws Suspended
 */
export async function readClusterName(store: Store, entropy: Entropy): Promise<string> {
  const key = keys.cluster
  for (let tries = 0; tries < triesMax; tries++) {
    const entry = await store.get(key, { fresh: true })
    if (entry !== undefined) return (decodeJson(key, entry.value) as { name: string }).name
    const value = encodeJson({ schema: 1, name: entropy.token(nameByteCount) })
    try {
      await store.commit({ guards: [], writes: [{ kind: 'create', key, value }] })
    } catch (error) {
      if (!(error instanceof OutcomeUnknown)) throw error
    }
  }
  throw new Suspended('the name of the cluster could not be made')
}
