import { decodeBatch, decodeHead, encodeBatch, encodeHead } from '../../../src/engine/codec.ts'
import type { EngineDeps } from '../../../src/engine/create-engine.ts'
import type { Batch, Head } from '../../../src/engine/records.ts'
import type { Commit, CommitResult, Store, Write } from '../../../src/store/store.ts'
import type { Composition } from '../play.ts'

/** A composition in which the engine works on a store that behaves otherwise in what `over` gives. */
export function onStore(
  over: (store: Store, deps: EngineDeps) => Partial<Store>,
): Pick<Composition, 'engine'> {
  return {
    engine: (deps) => {
      const spoilt = Object.create(deps.store) as Store
      return { store: Object.assign(spoilt, over(deps.store, deps)) }
    },
  }
}

/** An append to a journal, taken apart. Its key: `log/<auction>/<slot>`. */
export interface AppendParts {
  readonly slotKey: string
  readonly headKey: string
  readonly batch: Batch
  readonly head: Head
}

/** Undefined for every other commit, and for a creation. */
export function appendIn({ writes }: Commit): AppendParts | undefined {
  const slot = writes.find(({ kind, key }) => kind === 'create' && key.startsWith('log/'))
  const head = writes.find(({ kind, key }) => kind === 'put' && key.startsWith('head/'))
  if (slot?.kind !== 'create' || head?.kind !== 'put') return undefined
  return {
    slotKey: slot.key,
    headKey: head.key,
    batch: decodeBatch(slot.key, slot.value),
    head: decodeHead(head.key, head.value),
  }
}

/** The same commit with another batch or head. */
export function withParts(commit: Commit, { batch, head }: { batch: Batch; head: Head }): Commit {
  const parts = appendIn(commit)
  const slotKey = parts?.slotKey.replace(/[^/]+$/, String(batch.slot).padStart(10, '0'))
  const writes = commit.writes.map((write): Write => {
    if (write.key === parts?.slotKey && slotKey !== undefined)
      return { kind: 'create', key: slotKey, value: encodeBatch(batch) }
    if (write.key === parts?.headKey)
      return { kind: 'put', key: write.key, value: encodeHead(head) }
    return write
  })
  return { ...commit, writes }
}

/** Creates the slot, or writes over what is there. Guards are kept, all others lost. */
export async function commitOver(
  store: Store,
  commit: Commit,
  slotKey: string,
): Promise<CommitResult> {
  const result = await store.commit(commit)
  if (result.ok || !result.failed.some(({ key }) => key === slotKey)) return result
  const writes = commit.writes
    .filter(({ kind }) => kind !== 'delete')
    .map((write): Write =>
      write.kind === 'create' && write.key === slotKey
        ? { kind: 'put', key: slotKey, value: write.value }
        : write,
    )
  return store.commit({ ...commit, writes })
}

/** What the store would have answered, had the commit been carried out. */
export function asIfDone({ writes, guards }: Commit): CommitResult {
  const versions = new Map<string, string>()
  for (const { key } of writes) {
    const guard = guards.find((known) => known.kind === 'unchanged' && known.key === key)
    versions.set(key, guard?.kind === 'unchanged' ? String(Number(guard.version) + 1) : '0')
  }
  return { ok: true, revision: 1n, versions }
}
