import { assert } from '../../lib/assert.ts'
import type { LeafTree } from '../memory/leaf-tree.ts'
import type { Commit, CommitResult, Guard, Key, Session, Write } from '../store.ts'
import type { Disk } from './disk.ts'
import type { DurableLeaf } from './leaf-codec.ts'

/** A leaf that lives in memory, no longer than its session; it need not survive anything, so it costs no sync. */
export interface EphemeralLeaf extends DurableLeaf {
  readonly owner: Session
}
type Leaf = DurableLeaf | EphemeralLeaf

/** Commits decided one after the other on what is synced and what was staged before them, none of it visible yet. */
export interface Stage {
  /** Throws only for a bug of the caller, and stages nothing then. */
  add(commit: Commit): CommitResult
  /** What must be on disk before anybody hears of this; empty when only ephemerals changed. */
  durableChanges(): Map<Key, DurableLeaf | undefined>
  ephemeralChanges(): Map<Key, EphemeralLeaf | undefined>
}

interface Staged {
  readonly base: 'nothing' | 'durable' | 'ephemeral'
  leaf: Leaf | undefined
}

export function createStage(deps: {
  disk: Pick<Disk, 'get'>
  ephemerals: LeafTree<EphemeralLeaf>
  nextRevision: () => bigint
}): Stage {
  const { disk, ephemerals } = deps
  const touched = new Map<Key, Staged>()

  const look = (key: Key): Staged => {
    const known = touched.get(key)
    if (known !== undefined) return known
    const ephemeral = ephemerals.get(key)
    const leaf = ephemeral ?? disk.get(key)
    const base = ephemeral !== undefined ? 'ephemeral' : leaf !== undefined ? 'durable' : 'nothing'
    const seen: Staged = { base, leaf }
    touched.set(key, seen)
    return seen
  }
  const stage = (change: Write, revision: bigint) => {
    const staged = look(change.key)
    staged.leaf = change.kind === 'delete' ? undefined : written(change, staged.leaf, revision)
    changed.add(change.key)
  }
  const changed = new Set<Key>()
  return {
    add(commit) {
      const failed = failedGuards(commit, (key) => look(key).leaf)
      if (failed.length > 0) return { ok: false, failed }
      for (const write of commit.writes) {
        if (write.kind === 'create' && write.ephemeral) ephemerals.assertFits(write.key)
      }
      const revision = deps.nextRevision()
      const versions = new Map<Key, string>()
      for (const write of commit.writes) {
        stage(write, revision)
        if (write.kind !== 'delete') versions.set(write.key, String(revision))
      }
      return { ok: true, revision, versions }
    },
    durableChanges() {
      const changes = new Map<Key, DurableLeaf | undefined>()
      for (const key of changed) {
        const { base, leaf } = look(key)
        if (leaf !== undefined && !isEphemeral(leaf)) changes.set(key, leaf)
        else if (base === 'durable') changes.set(key, undefined)
      }
      return changes
    },
    ephemeralChanges() {
      const changes = new Map<Key, EphemeralLeaf | undefined>()
      for (const key of changed) {
        const { base, leaf } = look(key)
        if (leaf !== undefined && isEphemeral(leaf)) changes.set(key, leaf)
        else if (base === 'ephemeral') changes.set(key, undefined)
      }
      return changes
    },
  }
}

const isEphemeral = (leaf: Leaf): leaf is EphemeralLeaf => 'owner' in leaf

function written(
  change: Exclude<Write, { kind: 'delete' }>,
  old: Leaf | undefined,
  revision: bigint,
) {
  const leaf: DurableLeaf = {
    value: change.value,
    version: revision,
    createRevision: old?.createRevision ?? revision,
  }
  if (change.kind === 'create' && change.ephemeral) return { ...leaf, owner: change.ephemeral }
  assert(change.kind === 'create' || old !== undefined, 'a put was guarded')
  return old !== undefined && isEphemeral(old) ? { ...leaf, owner: old.owner } : leaf
}

function failedGuards(commit: Commit, look: (key: Key) => Leaf | undefined): Guard[] {
  const failed: Guard[] = []
  for (const guard of commit.guards) {
    const leaf = look(guard.key)
    const holds =
      guard.kind === 'absent'
        ? leaf === undefined
        : leaf !== undefined && (guard.kind === 'present' || String(leaf.version) === guard.version)
    if (!holds) failed.push(guard)
  }
  for (const { kind, key } of commit.writes) {
    const isThere = look(key) !== undefined
    if (kind === 'create' && isThere) failed.push({ kind: 'absent', key })
    if (kind !== 'create' && !isThere) failed.push({ kind: 'present', key })
  }
  return failed
}
