import type { Entry, Key, Store } from '../store/store.ts'
import { Unreadable } from './codec.ts'

/**
 * A key that must exist, since another that was read says so. A copy of the store may be old: then it is read again, fresh. One
 * that lacks it even so has lost a commit; another is asked.
 * @throws Unreadable when that one lacks it too; Suspended
 */
export async function readExisting(store: Store, key: Key): Promise<Entry> {
  const entry = (await store.get(key)) ?? (await store.get(key, { fresh: true }))
  if (entry !== undefined) return entry
  store.distrust(`${key} is missing`)
  const elsewhere = await store.get(key, { fresh: true })
  if (elsewhere === undefined) throw new Unreadable(key, 'it is missing')
  return elsewhere
}
