import type { OpenOptions } from '../open-options.ts'
import { checkCommit } from '../check-commit.ts'
import { asError, type Clock, sleep } from '../../lib/clock.ts'
import { newUlid } from '../../lib/ulid.ts'
import { Suspended } from '../errors.ts'
import { checkEphemerals } from '../memory/check-ephemerals.ts'
import { copyCommit } from '../memory/copy-commit.ts'
import { patiently } from '../memory/patience.ts'
import { createSessionHandle } from '../memory/session-handle.ts'
import { createSessionListeners } from '../memory/session-listeners.ts'
import { createTurns } from '../memory/turns.ts'
import { createWatches } from '../memory/watches.ts'
import { type Session, type Store, storeLimits } from '../store.ts'
import { type Disk, openDisk } from './disk.ts'
import { type FolderHold, holdFolder } from './folder-hold.ts'
import { createGroupCommit } from './group-commit.ts'
import { createLeaves, type Leaves } from './leaves.ts'
import { closeFiles, makePrivateFolder } from './private-folder.ts'
import type { InFile } from './size.ts'

export interface EmbeddedStore extends Store {
  /** False when whoever had the folder before did not close its store: killed, or the machine went down. */
  readonly wasCleanStop: boolean
  /** @throws when the file is closed just now */
  inFile(): InFile
}

/**
 * A durable store for one node, in a folder of its own. Nothing is acknowledged or visible before it is synced; ephemerals
 * live in memory, so those of an earlier process are gone at once. It never loses its session before `close`: a disk that
 * fails or stalls suspends it, and meanwhile it can still be read.
 * @throws FolderInUse when another process has the folder, FolderOpen when others can read it and we may not close it
 */
export async function openEmbeddedStore(
  options: OpenOptions & { folder: string },
): Promise<EmbeddedStore> {
  makePrivateFolder(options.folder)
  const hold = await holdFolder(options.folder, options.clock)
  let disk: Disk | undefined
  try {
    disk = openDisk(options.folder)
    closeFiles(options.folder)
    const leaves = createLeaves(disk)
    await leaves.begin()
    return createStore(options, leaves, hold)
  } catch (error) {
    await disk?.close()
    hold.release()
    throw error
  }
}

function createStore(
  options: OpenOptions & { folder: string },
  leaves: Leaves,
  hold: FolderHold,
): EmbeddedStore {
  const { clock, entropy } = options
  const handle = createSessionHandle(newUlid(clock.wallMs(), entropy))
  const { session } = handle
  const listeners = createSessionListeners()
  const watches = createWatches({
    ...options,
    isServing: () => session.state === 'serving',
    subscribe: (target, ring) => leaves.bells.subscribe(target, ring),
  })
  const stallMs = options.sessionTimeoutMs / 3
  const group = createGroupCommit({
    ...options,
    stallMs,
    decide: (commits) => leaves.decide(commits),
    repair: () => leaves.repair(),
    onChange(isServing) {
      if (!handle.become(isServing ? 'serving' : 'suspended')) return
      listeners.tell(session)
      if (isServing) watches.ringAll()
    },
  })
  let closing: Promise<void> | undefined
  const close = async () => {
    if (handle.become('lost')) listeners.tell(session)
    listeners.clear()
    watches.close()
    try {
      await within(clock, stallMs, group.close())
      await within(clock, stallMs, leaves.end())
    } catch (error) {
      options.log.warn({ error: asError(error).message }, 'the embedded store stopped uncleanly')
    }
    hold.release()
  }
  return {
    kind: 'embedded',
    limits: storeLimits,
    session,
    wasCleanStop: leaves.wasCleanStop,
    inFile: () => leaves.inFile(),
    health: () => ({
      servers: [options.folder],
      watchCount: watches.count,
      ephemeralCount: leaves.ephemeralCount,
      isFull: group.isFull,
    }),
    onSessionChange: (listener) => listeners.add(listener),
    // One copy of the data: there is no other server to go to.
    distrust: () => undefined,
    ...createCalls(options, { session, leaves, group }),
    watch: (target, { signal }) => watches.watch(target, signal),
    close: () => (closing ??= close()),
  }
}

/** Each call takes its turn, so that many at once leave time for others. */
function createCalls(
  { clock, permanentRoots }: OpenOptions,
  parts: { session: Session; leaves: Leaves; group: ReturnType<typeof createGroupCommit> },
): Pick<Store, 'get' | 'list' | 'commit'> {
  const { session, leaves, group } = parts
  const turns = createTurns()
  return {
    async get(key, readOptions) {
      const turn = turns.take()
      if (turn !== undefined) await turn
      refuseUnable(session, readOptions?.signal)
      return leaves.get(key)
    },
    async list(dir, listOptions) {
      const turn = turns.take()
      if (turn !== undefined) await turn
      refuseUnable(session, listOptions?.signal)
      return leaves.list(dir, listOptions?.createRevisions === true)
    },
    async commit(commit, callOptions = {}) {
      checkCommit(commit, session, permanentRoots)
      checkEphemerals(commit, leaves.ephemeralCount)
      const sent = copyCommit(commit)
      const turn = turns.take()
      if (turn !== undefined) await turn
      refuseUnable(session, callOptions.signal)
      return patiently(clock, callOptions, group.submit(sent))
    },
  }
}

function refuseUnable(session: Session, signal: AbortSignal | undefined) {
  if (session.state === 'lost') throw new Suspended('the store is closed')
  if (signal?.aborted) throw asError(signal.reason)
}

/** @throws when the disk is not done in time: what is under way goes on, unwatched */
async function within(clock: Clock, patienceMs: number, work: Promise<void>): Promise<void> {
  const isDone = new AbortController()
  const tooLong = sleep(clock, patienceMs, isDone.signal).then(() => {
    throw new Error('the disk does not answer')
  })
  try {
    await Promise.race([work, tooLong])
  } finally {
    tooLong.catch(() => undefined)
    isDone.abort()
  }
}
