import type { Clock } from '../../lib/clock.ts'
import { type Bells, createBells } from './bells.ts'
import { createLeafTree, type LeafTree } from './leaf-tree.ts'
import type { Commit, CommitResult, Guard, Key, Write } from '../store.ts'
import { createPast } from './past.ts'
import { createServerSessions, type ServerSessions } from './server-sessions.ts'

export interface StoredLeaf {
  readonly value: Uint8Array
  /** Counts the puts since creation and restarts at re-creation, as ZooKeeper's do. */
  readonly versionCount: number
  readonly createRevision: bigint
  /** The session that it dies with. */
  readonly owner: string | undefined
}

/** What all clients share: the truth, changed in one synchronous step per call. */
export interface MemoryServer {
  readonly bells: Bells
  readonly sessions: ServerSessions
  readonly leafCount: number
  /** As it is, or as it was `lagMs` ago (the past is kept only while `keepsPast`). */
  get(key: Key, lagMs?: number): StoredLeaf | undefined
  list(dir: Key, lagMs?: number): Iterable<readonly [Key, StoredLeaf]>
  /** Keeps the values as they are. Undefined when an ephemeral was asked of a session that is over; nothing happened then. */
  apply(commit: Commit, sessionId: string): CommitResult | undefined
}

export function createMemoryServer(deps: {
  clock: Clock
  firstRevision: bigint
  keepsPast: () => boolean
}): MemoryServer {
  const { clock } = deps
  const tree = createLeafTree<StoredLeaf>()
  const past = createPast()
  const bells = createBells()
  let revision = deps.firstRevision - 1n

  const remember = (key: Key) => {
    if (deps.keepsPast()) past.remember(key, tree.get(key), clock.monotonicMs())
  }
  const sessions = createServerSessions(clock, (ephemerals) => {
    if (ephemerals.size > 0) revision++
    for (const key of ephemerals) {
      remember(key)
      tree.delete(key)
    }
    for (const key of ephemerals) bells.changed(key, 'delete')
  })
  const write = (change: Write, sessionId: string) => {
    const { key } = change
    const old = tree.get(key)
    remember(key)
    if (change.kind === 'delete') {
      tree.delete(key)
      if (old?.owner !== undefined) sessions.ephemerals(old.owner).delete(key)
      return undefined
    }
    const owner = isOwned(change) ? sessionId : old?.owner
    if (owner !== undefined) sessions.ephemerals(owner).add(key)
    const versionCount = old === undefined ? 0 : old.versionCount + 1
    const createRevision = old?.createRevision ?? revision
    tree.set(key, { value: change.value, versionCount, createRevision, owner })
    return String(versionCount)
  }
  return {
    bells,
    sessions,
    get leafCount() {
      return tree.size
    },
    get(key, lagMs = 0) {
      const now = tree.get(key)
      return lagMs > 0 ? past.leafAt(key, clock.monotonicMs() - lagMs, now) : now
    },
    list(dir, lagMs = 0) {
      const now = tree.leavesIn(dir)
      if (lagMs <= 0) return now
      const changed = past.changedIn(dir, clock.monotonicMs() - lagMs)
      const merged = new Map<Key, StoredLeaf | undefined>([...now, ...changed])
      return [...merged].flatMap(([key, leaf]) => (leaf ? [[key, leaf] as const] : []))
    },
    apply(commit, sessionId) {
      if (commit.writes.some(isOwned) && !sessions.isOpen(sessionId)) return undefined
      const failed = failedGuards(commit, tree)
      if (failed.length > 0) return { ok: false, failed }
      for (const { kind, key } of commit.writes) if (kind === 'create') tree.assertFits(key)
      revision++
      const versions = new Map<Key, string>()
      for (const change of commit.writes) {
        const version = write(change, sessionId)
        if (version !== undefined) versions.set(change.key, version)
      }
      for (const { key, kind } of commit.writes) bells.changed(key, kind)
      return { ok: true, revision, versions }
    },
  }
}

const isOwned = (write: Write) => write.kind === 'create' && write.ephemeral !== undefined

function failedGuards(commit: Commit, tree: LeafTree<StoredLeaf>): Guard[] {
  const failed: Guard[] = []
  for (const guard of commit.guards) {
    const leaf = tree.get(guard.key)
    const holds =
      guard.kind === 'absent'
        ? leaf === undefined
        : leaf !== undefined &&
          (guard.kind === 'present' || String(leaf.versionCount) === guard.version)
    if (!holds) failed.push(guard)
  }
  for (const { kind, key } of commit.writes) {
    const isThere = tree.has(key)
    if (kind === 'create' && isThere) failed.push({ kind: 'absent', key })
    if (kind !== 'create' && !isThere) failed.push({ kind: 'present', key })
  }
  return failed
}
