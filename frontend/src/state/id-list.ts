import { signal, type ReadonlySignal } from '@preact/signals'
import { createStoredValue, type KeyValueStorage } from './stored-value.ts'

/** Ids of auctions that somebody keeps in this browser, newest first. */
export interface IdList {
  readonly ids: ReadonlySignal<readonly string[]>
  has(id: string): boolean
  add(id: string): void
  remove(id: string): void
}

/** The oldest are forgotten beyond. */
const idListMax = 200

export function createIdList(storage: KeyValueStorage, key: string): IdList {
  const stored = createStoredValue(storage, key, isIds)
  const ids = signal<readonly string[]>(stored.read() ?? [])
  const keep = (next: readonly string[]) => {
    ids.value = next.slice(0, idListMax)
    stored.write([...ids.value])
  }
  return {
    ids,
    has: (id) => ids.value.includes(id),
    add: (id) => keep([id, ...ids.value.filter((other) => other !== id)]),
    remove: (id) => keep(ids.value.filter((other) => other !== id)),
  }
}

function isIds(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((id) => typeof id === 'string')
}
