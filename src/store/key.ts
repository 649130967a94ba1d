import { assert } from '../lib/assert.ts'
import type { Key } from './store.ts'
import { storeLimits } from './store.ts'

const keyPattern = /^[A-Za-z0-9_.~-]+(\/[A-Za-z0-9_.~-]+)*$/

/** Segments of letters, digits, `_ . ~ -`, joined by slashes; neither `.` nor `..` alone. A bad key is the caller's bug. */
export function assertKey(key: Key): void {
  assert(keyPattern.test(key) && key.length <= storeLimits.keyBytesMax, `bad key ${key}`)
  assert(!key.split('/').some((segment) => segment === '.' || segment === '..'), `bad key ${key}`)
}

export function parentOf(key: Key): Key {
  return key.slice(0, Math.max(0, key.lastIndexOf('/')))
}

/** The last segment: a leaf's name in its directory. */
export function nameOf(key: Key): string {
  return key.slice(key.lastIndexOf('/') + 1)
}

/**
 * Roots whose keys are never deleted, so that a version read once can be trusted for ever. Given when a store is opened;
 * `unchanged` guards are refused elsewhere and `delete` is refused here.
 */
export type PermanentRoots = readonly string[]

export function isPermanent(key: Key, roots: PermanentRoots): boolean {
  return roots.some((root) => key.startsWith(`${root}/`) || key === root)
}
