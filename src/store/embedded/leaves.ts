import { asError } from '../../lib/clock.ts'
import { OperatingError } from '../../lib/errors.ts'
import { Suspended } from '../errors.ts'
import { assertKey } from '../key.ts'
import { type Bells, createBells } from '../memory/bells.ts'
import { createLeafTree, type LeafTree } from '../memory/leaf-tree.ts'
import type { Commit, CommitResult, Entry, Key, Leaf } from '../store.ts'
import type { Disk } from './disk.ts'
import type { Decided } from './group-commit.ts'
import type { DurableLeaf } from './leaf-codec.ts'
import { createRevisions, type Revisions } from './revisions.ts'
import type { InFile } from './size.ts'
import { createStage, type EphemeralLeaf } from './stage.ts'

/** Everything the store holds: durable leaves on the disk, ephemeral ones in memory, as one. */
export interface Leaves {
  readonly bells: Bells
  readonly wasCleanStop: boolean
  readonly ephemeralCount: number
  /** @throws when the file is closed just now */
  inFile(): InFile
  /** Marks the disk as in use; before it nothing may be committed. */
  begin(): Promise<void>
  /** @throws Suspended */
  get(key: Key): Entry | undefined
  /** @throws Suspended */
  list(dir: Key, withRevisions: boolean): Leaf[]
  decide(commits: readonly Commit[]): Decided
  repair(): Promise<void>
  /** Marks a clean stop and closes the disk. */
  end(): Promise<void>
}

export function createLeaves(disk: Disk): Leaves {
  const ephemerals = createLeafTree<EphemeralLeaf>()
  const bells = createBells()
  const revisions = createRevisions(disk)
  const stop = disk.fact('stop')

  const mark = async () => {
    const facts = { ...revisions.due(), stop: 'running' }
    await disk.write(new Map(), facts)
    revisions.written(facts)
  }
  return {
    bells,
    wasCleanStop: stop === undefined || stop === 'clean',
    get ephemeralCount() {
      return ephemerals.size
    },
    inFile: () => disk.inFile(),
    begin: mark,
    get(key) {
      assertKey(key)
      const ephemeral = ephemerals.get(key)
      if (ephemeral !== undefined) {
        return entryOf(key, { ...ephemeral, value: new Uint8Array(ephemeral.value) })
      }
      const leaf = reading(() => disk.get(key))
      return leaf === undefined ? undefined : entryOf(key, leaf)
    },
    list(dir, withRevisions) {
      assertKey(dir)
      const inMemory = [...ephemerals.leavesIn(dir)]
      if (!withRevisions) {
        const keys = reading(() => disk.list(dir))
        return [...keys, ...inMemory.map(([key]) => key)].map((key) => ({ key }))
      }
      const onDisk = reading(() => disk.leavesIn(dir))
      return [...onDisk, ...inMemory].map(([key, { createRevision }]) => ({ key, createRevision }))
    },
    decide: (commits) => decide({ disk, ephemerals, bells, revisions }, commits),
    async repair() {
      await disk.reopen()
      try {
        await mark()
      } catch (error) {
        await disk.reopen() // so that it can be read meanwhile
        throw error
      }
    },
    async end() {
      await disk.write(new Map(), { ...revisions.last(), stop: 'clean' })
      await disk.close()
    },
  }
}

function decide(
  parts: {
    disk: Disk
    ephemerals: LeafTree<EphemeralLeaf>
    bells: Bells
    revisions: Revisions
  },
  commits: readonly Commit[],
): Decided {
  const { disk, ephemerals, bells, revisions } = parts
  const stage = createStage({ disk, ephemerals, nextRevision: () => revisions.next() })
  const results = commits.map((commit) => attempt(() => stage.add(commit)))
  return {
    results,
    async save() {
      const changes = stage.durableChanges()
      const facts = revisions.due()
      if (changes.size === 0 && facts.revisions === undefined) return
      await disk.write(changes, facts)
      revisions.written(facts)
    },
    publish() {
      for (const [key, leaf] of stage.ephemeralChanges()) {
        if (leaf === undefined) ephemerals.delete(key)
        else ephemerals.set(key, leaf)
      }
      for (const [index, result] of results.entries()) {
        if (result instanceof Error || !result.ok) continue
        for (const { key, kind } of commits[index]?.writes ?? []) bells.changed(key, kind)
      }
    },
  }
}

const entryOf = (key: Key, leaf: DurableLeaf): Entry => ({
  key,
  value: leaf.value,
  version: String(leaf.version),
  createRevision: leaf.createRevision,
})

function attempt(add: () => CommitResult): CommitResult | Error {
  try {
    return add()
  } catch (error) {
    return asError(error)
  }
}

/** lmdb's own troubles, in the port's words. */
function reading<T>(read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (error instanceof OperatingError) throw error
    throw new Suspended('the store’s file cannot be read', { cause: error })
  }
}
