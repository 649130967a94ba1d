import type { Entry, Key, Store } from '../store/store.ts'
import { Unreadable } from './codec.ts'

/** Two servers of a store may lack it before the record counts as missing. */
const serversMax = 2

/**
 * A key that must exist, since another that was read says so. A copy of the store may be old: then it is read again, fresh. One
 * that lacks it even so has lost a commit; another is asked.
 * @throws Unreadable when the others lack it too; Suspended
 */
export async function readExisting(store: Store, key: Key): Promise<Entry> {
  const old = await store.get(key)
  if (old !== undefined) return old
  for (let left = serversMax; ; left--) {
    const entry = await store.get(key, { fresh: true })
    if (entry !== undefined) return entry
    if (left === 0) throw new Unreadable(key, 'it is missing')
    store.distrust(`${key} is missing`)
  }
}
