import { assert } from '../../lib/assert.ts'
import { nameOf, parentOf } from '../key.ts'
import type { Key } from '../store.ts'

/** A span of etcd keys, end excluded. */
export interface KeyRange {
  readonly key: Buffer
  readonly range_end: Buffer
}

/**
 * Where a port key stands in etcd's flat order: `a/b/c` below root `r` is `r/a/b:c`. The direct leaves of a directory are
 * neighbours, and no descendant of a subdirectory is among them, so a list costs what it returns.
 */
export interface KeyLayout {
  leaf(key: Key): Buffer
  /** All direct leaves of a directory. */
  leavesOf(dir: Key): KeyRange
  /** The port key of one of our leaves. */
  keyOf(raw: Buffer): Key
}

const rootPattern = /^[A-Za-z0-9_.~-]+(\/[A-Za-z0-9_.~-]+)*$/

export function createKeyLayout(root: string): KeyLayout {
  assert(rootPattern.test(root), `bad root ${root}`)
  return {
    leaf: (key) => Buffer.from(`${root}/${parentOf(key)}:${nameOf(key)}`),
    leavesOf: (dir) => ({
      key: Buffer.from(`${root}/${dir}:`),
      range_end: Buffer.from(`${root}/${dir};`),
    }),
    keyOf(raw) {
      const path = raw.toString().slice(root.length + 1)
      return path.startsWith(':') ? path.slice(1) : path.replace(':', '/')
    },
  }
}
