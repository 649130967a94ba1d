import { closeSync, fsyncSync, openSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { open, type RootDatabase } from 'lmdb'
import { Suspended } from '../errors.ts'
import type { Key } from '../store.ts'
import type { InFile } from './size.ts'
import { decodeLeaf, type DurableLeaf, encodeLeaf } from './leaf-codec.ts'

/** What a write leaves behind: undefined removes the leaf. */
export type Changes = ReadonlyMap<Key, DurableLeaf | undefined>

/** The store's own facts, beside the leaves. */
export type Fact = 'revisions' | 'stop'
export type Facts = Partial<Record<Fact, string>>

/** Leaves and facts in one lmdb file. Reads see what is synced and nothing else. */
export interface Disk {
  get(key: Key): DurableLeaf | undefined
  has(key: Key): boolean
  /** The direct leaves of a directory by key, values included only when `isWhole`. */
  list(dir: Key): Key[]
  leavesIn(dir: Key): [Key, DurableLeaf][]
  fact(name: Fact): string | undefined
  inFile(): InFile
  /** All or nothing, in one transaction. Resolves when it is synced; after a rejection the disk must be reopened. */
  write(changes: Changes, facts?: Facts): Promise<void>
  /** After a failed write lmdb may hang or refuse for ever: a new environment on the same file does not. */
  reopen(): Promise<void>
  close(): Promise<void>
}

/**
 * The file's keys are `directory!name`, so that a directory's leaves are neighbours and those of deeper ones are elsewhere;
 * facts begin with `#`. Neither sign occurs in a key of the port.
 */
const fileKey = (key: Key) => {
  const slash = key.lastIndexOf('/')
  return slash < 0 ? `!${key}` : `${key.slice(0, slash)}!${key.slice(slash + 1)}`
}
const rangeOf = (dir: Key) => ({ start: `${dir}!`, end: `${dir}"` })

/** The folder exists. */
export function openDisk(folder: string): Disk {
  let database: RootDatabase<Buffer, string> | undefined = openDatabase(folder)

  const inUse = () => {
    if (database === undefined) throw new Suspended('the store’s file is closed just now')
    return database
  }
  const close = async () => {
    const closing = database
    database = undefined
    await closing?.close()
  }
  return {
    get(key) {
      const bytes = inUse().getBinary(fileKey(key))
      return bytes === undefined ? undefined : decodeLeaf(bytes)
    },
    has: (key) => inUse().doesExist(fileKey(key)),
    list(dir) {
      const keys: Key[] = []
      for (const key of inUse().getKeys(rangeOf(dir))) keys.push(key.replace('!', '/'))
      return keys
    },
    leavesIn(dir) {
      const leaves: [Key, DurableLeaf][] = []
      for (const { key, value } of inUse().getRange(rangeOf(dir))) {
        leaves.push([key.replace('!', '/'), decodeLeaf(value)])
      }
      return leaves
    },
    fact: (name) => inUse().getBinary(`#${name}`)?.toString(),
    inFile() {
      const { entryCount, pageSize, ...tree } = inUse().getStats() as Stats
      const { treeBranchPageCount, treeLeafPageCount, overflowPages } = tree
      return {
        keys: entryCount,
        bytes: (treeBranchPageCount + treeLeafPageCount + overflowPages) * pageSize,
      }
    },
    async write(changes, facts = {}) {
      const target = inUse()
      await commitBatch(target, changes, facts)
      target.resetReadTxn()
    },
    async reopen() {
      await close()
      database = openDatabase(folder)
    },
    close,
  }
}

type Stats = Record<
  'entryCount' | 'pageSize' | 'treeBranchPageCount' | 'treeLeafPageCount' | 'overflowPages',
  number
>

/**
 * `overlappingSync: false`: with it (lmdb's default) a commit is visible before it is synced. Without
 * `eventTurnBatching` a failed batch rejects exactly one promise; with it a second one, which nobody can catch, ends the process.
 */
function openDatabase(folder: string): RootDatabase<Buffer, string> {
  const database = open<Buffer, string>({
    path: join(folder, 'data.mdb'),
    noSubdir: true,
    overlappingSync: false,
    eventTurnBatching: false,
    encoding: 'binary',
    cache: false,
  })
  syncFolder(folder)
  syncFolder(dirname(folder))
  return database
}

/** A new file is not safe before the folder that names it is. */
function syncFolder(folder: string) {
  const handle = openSync(folder, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}

async function commitBatch(
  database: RootDatabase<Buffer, string>,
  changes: Changes,
  facts: Facts,
): Promise<void> {
  const put = () => {
    for (const [key, leaf] of changes) {
      if (leaf === undefined) void database.remove(fileKey(key))
      else void database.put(fileKey(key), encodeLeaf(leaf))
    }
    for (const [name, fact] of Object.entries(facts)) {
      void database.put(`#${name}`, Buffer.from(fact))
    }
  }
  try {
    await database.batch(put)
  } catch (error) {
    throw await causeOf(error)
  }
}

/** lmdb rejects with a general error that promises the particular one. */
async function causeOf(error: unknown): Promise<Error> {
  const promised = (error as { commitError?: PromiseLike<never> }).commitError
  try {
    await promised
  } catch (cause) {
    if (cause instanceof Error) return cause
  }
  return error instanceof Error ? error : new Error(String(error))
}
