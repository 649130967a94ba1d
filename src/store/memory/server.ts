import { type Clock, type Timer, timerMaxMs } from '../../lib/clock.ts'
import { type Bells, createBells } from '../local/bells.ts'
import { createLeafTree, type LeafTree } from '../local/leaf-tree.ts'
import type { Commit, CommitResult, Guard, Key, Write } from '../store.ts'

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
  readonly tree: LeafTree<StoredLeaf>
  readonly bells: Bells
  openSession(id: string, timeoutMs: number): void
  /** The session was heard of. False when it is over. */
  touch(id: string): boolean
  /** Ends it and removes its ephemerals. */
  endSession(id: string): void
  ephemeralCount(sessionId: string): number
  /** Undefined when an ephemeral was asked of a session that is over; nothing happened then. */
  apply(commit: Commit, sessionId: string): CommitResult | undefined
}

interface ServerSession {
  readonly timeoutMs: number
  readonly ephemerals: Set<Key>
  lastHeardMs: number
  expiry: Timer
}

export function createMemoryServer(clock: Clock, firstRevision: bigint): MemoryServer {
  const tree = createLeafTree<StoredLeaf>()
  const bells = createBells()
  const sessions = new Map<string, ServerSession>()
  let revision = firstRevision - 1n

  const endSession = (id: string) => {
    const session = sessions.get(id)
    if (session === undefined) return
    sessions.delete(id)
    session.expiry.cancel()
    if (session.ephemerals.size > 0) revision++
    for (const key of session.ephemerals) tree.delete(key)
    for (const key of session.ephemerals) bells.changed(key, 'delete')
  }
  const armExpiry = (id: string, leftMs: number): Timer =>
    clock.setTimer(Math.min(leftMs, timerMaxMs), () => {
      const session = sessions.get(id)
      if (session === undefined) return
      const nextMs = session.lastHeardMs + session.timeoutMs - clock.monotonicMs()
      if (nextMs > 0) session.expiry = armExpiry(id, nextMs)
      else endSession(id)
    })
  const write = (change: Write, sessionId: string) => {
    const old = tree.get(change.key)
    if (change.kind === 'delete') {
      tree.delete(change.key)
      if (old?.owner !== undefined) sessions.get(old.owner)?.ephemerals.delete(change.key)
      return undefined
    }
    const isOwned = change.kind === 'create' && change.ephemeral !== undefined
    if (isOwned) sessions.get(sessionId)?.ephemerals.add(change.key)
    const versionCount = old === undefined ? 0 : old.versionCount + 1
    tree.set(change.key, {
      value: new Uint8Array(change.value),
      versionCount,
      createRevision: old?.createRevision ?? revision,
      owner: isOwned ? sessionId : old?.owner,
    })
    return String(versionCount)
  }
  return {
    tree,
    bells,
    endSession,
    ephemeralCount: (id) => sessions.get(id)?.ephemerals.size ?? 0,
    openSession(id, timeoutMs) {
      sessions.set(id, {
        timeoutMs,
        ephemerals: new Set(),
        lastHeardMs: clock.monotonicMs(),
        expiry: armExpiry(id, timeoutMs),
      })
    },
    touch(id) {
      const session = sessions.get(id)
      if (session === undefined) return false
      session.lastHeardMs = clock.monotonicMs()
      return true
    },
    apply(commit, sessionId) {
      const isOwning = commit.writes.some((one) => one.kind === 'create' && one.ephemeral)
      if (isOwning && !sessions.has(sessionId)) return undefined
      const failed = failedGuards(commit, tree)
      if (failed.length > 0) return { ok: false, failed }
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
