import { expect } from 'vitest'
import type {
  Commit,
  CommitResult,
  Committed,
  Entry,
  Guard,
  Key,
  Leaf,
  ListOptions,
  Refused,
  Session,
  Store,
  Write,
} from '../../../src/store/store.ts'
import { eventually } from '../../support/eventually.ts'

/** Short words for the tests: writes, guards and what they yield. */
export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
export const textOf = (entry: Entry | undefined): string | undefined =>
  entry === undefined ? undefined : new TextDecoder().decode(entry.value)

export const create = (key: Key, text = 'x', ephemeral?: Session): Write =>
  ephemeral === undefined
    ? { kind: 'create', key, value: bytes(text) }
    : { kind: 'create', key, value: bytes(text), ephemeral }
export const put = (key: Key, text: string): Write => ({ kind: 'put', key, value: bytes(text) })
export const remove = (key: Key): Write => ({ kind: 'delete', key })

export const absent = (key: Key): Guard => ({ kind: 'absent', key })
export const present = (key: Key): Guard => ({ kind: 'present', key })
export const unchanged = (entry: { key: Key; version: string }): Guard => ({
  kind: 'unchanged',
  key: entry.key,
  version: entry.version,
})

export const commit = (writes: readonly Write[], guards: readonly Guard[] = []): Commit => ({
  guards,
  writes,
})

/** Commits and expects that it wins. */
export async function win(
  store: Store,
  writes: readonly Write[],
  guards: readonly Guard[] = [],
): Promise<Committed> {
  const result: CommitResult = await store.commit({ guards, writes })
  if (!result.ok) throw new Error(`refused by ${nameGuards(result).join(', ')}`)
  return result
}

/** Commits and expects a refusal; answers with `kind key` of each guard that failed, sorted, each once. */
export async function refusedBy(
  store: Store,
  writes: readonly Write[],
  guards: readonly Guard[] = [],
): Promise<string[]> {
  const result = await store.commit({ guards, writes })
  expect(result.ok, 'the commit should be refused').toBe(false)
  return nameGuards(result as Refused)
}

const nameGuards = (refused: Refused) =>
  [...new Set(refused.failed.map((guard) => `${guard.kind} ${guard.key}`))].sort()

/** The entry, read fresh, which must be there. */
export async function freshly(store: Store, key: Key): Promise<Entry> {
  const entry = await store.get(key, { fresh: true })
  if (entry === undefined) throw new Error(`${key} is not there`)
  return entry
}

/** Creates `count` leaves `0000`, `0001`… in as few commits as the port allows. */
export async function fill(store: Store, dir: Key, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => String(index).padStart(4, '0'))
  for (let start = 0; start < count; start += 64) {
    await win(
      store,
      names.slice(start, start + 64).map((name) => create(`${dir}/${name}`, name)),
    )
  }
}

/** The list, plain and so perhaps stale, once it has `count` leaves. */
export function listOf(
  store: Store,
  dir: Key,
  count: number,
  options?: ListOptions,
): Promise<Leaf[]> {
  return eventually(async () => {
    const leaves = await store.list(dir, options)
    return leaves.length === count ? leaves : undefined
  })
}

/** What the call was told: the error's name, or `done`. */
export async function outcomeOf(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'done'
  } catch (error) {
    return (error as Error).name
  }
}
