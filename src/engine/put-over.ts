import type { Entry, Key, Store } from '../store/store.ts'

/** Writes a permanent key over what was read of it. False when another wrote meanwhile. @throws as Store.commit */
export async function putOver(
  store: Store,
  key: Key,
  read: Entry | undefined,
  value: Uint8Array,
): Promise<boolean> {
  const { ok } = await store.commit(
    read === undefined
      ? { guards: [], writes: [{ kind: 'create', key, value }] }
      : {
          guards: [{ kind: 'unchanged', key, version: read.version }],
          writes: [{ kind: 'put', key, value }],
        },
  )
  return ok
}
