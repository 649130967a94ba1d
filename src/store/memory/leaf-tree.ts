import { assert } from '../../lib/assert.ts'
import { parentOf } from '../key.ts'
import type { Key } from '../store.ts'

/** Leaves by key and by directory. Whoever adds one asserts first that it fits. */
export interface LeafTree<T> {
  readonly size: number
  get(key: Key): T | undefined
  has(key: Key): boolean
  /** Asserts that a new leaf of this key would neither be a directory nor be below a leaf. */
  assertFits(key: Key): void
  /** Adds a leaf, or replaces what it holds. */
  set(key: Key, leaf: T): void
  delete(key: Key): void
  /** The direct leaves of a directory; costs nothing for other directories. */
  leavesIn(dir: Key): ReadonlyMap<Key, T>
}

export function createLeafTree<T>(): LeafTree<T> {
  const leaves = new Map<Key, T>()
  const directories = new Map<Key, Map<Key, T>>()
  const belowCounts = new Map<Key, number>()
  const none: ReadonlyMap<Key, T> = new Map()

  const countBelow = (key: Key, by: number) => {
    for (let dir = parentOf(key); dir !== ''; dir = parentOf(dir)) {
      const belowCount = (belowCounts.get(dir) ?? 0) + by
      if (belowCount === 0) belowCounts.delete(dir)
      else belowCounts.set(dir, belowCount)
    }
  }
  const assertFits = (key: Key) => {
    assert(!belowCounts.has(key), `${key} is a directory, so not a leaf`)
    for (let dir = parentOf(key); dir !== ''; dir = parentOf(dir)) {
      assert(!leaves.has(dir), `${key}: ${dir} is a leaf, so not a directory`)
    }
  }
  return {
    assertFits,
    get size() {
      return leaves.size
    },
    get: (key) => leaves.get(key),
    has: (key) => leaves.has(key),
    set(key, leaf) {
      if (!leaves.has(key)) countBelow(key, 1)
      leaves.set(key, leaf)
      const dir = parentOf(key)
      const siblings = directories.get(dir)
      if (siblings === undefined) directories.set(dir, new Map([[key, leaf]]))
      else siblings.set(key, leaf)
    },
    delete(key) {
      if (!leaves.delete(key)) return
      countBelow(key, -1)
      const dir = parentOf(key)
      const siblings = directories.get(dir)
      siblings?.delete(key)
      if (siblings?.size === 0) directories.delete(dir)
    },
    leavesIn: (dir) => directories.get(dir) ?? none,
  }
}
