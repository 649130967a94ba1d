import { parentOf } from '../key.ts'
import type { Key } from '../store.ts'
import type { StoredLeaf } from './server.ts'

/** How far back a stale read may look, in milliseconds. */
const pastMaxMs = 60_000

/** What leaves were, for the plain reads of a world that lags. */
export interface Past {
  /** `was` stood (or nothing did) until `atMs`. */
  remember(key: Key, was: StoredLeaf | undefined, atMs: number): void
  leafAt(key: Key, atMs: number, now: StoredLeaf | undefined): StoredLeaf | undefined
  /** The leaves of a directory that changed since `atMs`; undefined means it did not exist then. */
  changedIn(dir: Key, atMs: number): Map<Key, StoredLeaf | undefined>
}

interface Moment {
  readonly was: StoredLeaf | undefined
  readonly untilMs: number
}

export function createPast(): Past {
  const directories = new Map<Key, Map<Key, Moment[]>>()
  const firstAfter = (moments: readonly Moment[] | undefined, atMs: number) =>
    moments?.find(({ untilMs }) => untilMs > atMs)

  return {
    remember(key, was, atMs) {
      const dir = parentOf(key)
      const siblings = directories.get(dir) ?? new Map<Key, Moment[]>()
      directories.set(dir, siblings)
      const moments = (siblings.get(key) ?? []).filter(({ untilMs }) => untilMs > atMs - pastMaxMs)
      siblings.set(key, [...moments, { was, untilMs: atMs }])
    },
    leafAt(key, atMs, now) {
      const moment = firstAfter(directories.get(parentOf(key))?.get(key), atMs)
      return moment === undefined ? now : moment.was
    },
    changedIn(dir, atMs) {
      const changed = new Map<Key, StoredLeaf | undefined>()
      for (const [key, moments] of directories.get(dir) ?? []) {
        const moment = firstAfter(moments, atMs)
        if (moment !== undefined) changed.set(key, moment.was)
      }
      return changed
    },
  }
}
