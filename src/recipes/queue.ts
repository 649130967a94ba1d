import { must } from '../lib/assert.ts'
import { Suspended } from '../store/errors.ts'
import type { Key, Store } from '../store/store.ts'

/** A contender's key as the list of its directory shows it. */
export interface Place {
  readonly key: Key
  /** Its createRevision: the order of the queue, the fencing token, the term. */
  readonly revision: bigint
}

/** Where one contender stands in its queue. */
export type Standing =
  | { readonly kind: 'first'; readonly isWanted: boolean }
  | {
      readonly kind: 'waiting'
      readonly first: Place
      readonly predecessor: Place
      /** How many stand before it; 1 is right behind the first. */
      readonly position: number
    }
  | { readonly kind: 'gone' }

/** Everybody in the queue of `dir`, in order. */
export async function placesOf(store: Store, dir: Key): Promise<Place[]> {
  const leaves = await store.list(dir, { createRevisions: true })
  return leaves
    .map(({ key, createRevision }) => ({ key, revision: must(createRevision, 'createRevision') }))
    .sort((a, b) => (a.revision < b.revision ? -1 : 1))
}

const rereadsMax = 3

/**
 * The standing of the contender at `key`. What is listed before it can only leave, because a later one has a greater
 * revision: so `first` stays true while the key stands, and a list that is out of date errs towards waiting.
 * @throws Suspended
 */
export async function standingOf(store: Store, dir: Key, key: Key): Promise<Standing> {
  for (let attempt = 0; attempt < rereadsMax; attempt++) {
    const places = await placesOf(store, dir)
    const position = places.findIndex((place) => place.key === key)
    if (position >= 0) return standingAt(places, position)
    // A list may be torn, or older than our key: only a fresh read proves that somebody deleted it.
    if ((await store.get(key, { fresh: true })) === undefined) return { kind: 'gone' }
  }
  throw new Suspended(`the store lists ${dir} without ${key}, which stands`)
}

function standingAt(places: readonly Place[], position: number): Standing {
  if (position === 0) return { kind: 'first', isWanted: places.length > 1 }
  return {
    kind: 'waiting',
    first: must(places[0], 'first of the queue'),
    predecessor: must(places[position - 1], 'predecessor'),
    position,
  }
}
