import { checkCommit } from '../check-commit.ts'
import { OutcomeUnknown, SessionLost, Suspended, TooLarge } from '../errors.ts'
import { assertKey } from '../key.ts'
import { createWatches } from '../local/watches.ts'
import type { OpenOptions } from '../open-options.ts'
import {
  type CallOptions,
  type Commit,
  type CommitResult,
  type Entry,
  type Key,
  type Leaf,
  type Session,
  type Store,
  storeLimits,
} from '../store.ts'
import type { CallKind, Link } from './link.ts'
import type { StoredLeaf } from './server.ts'
import { createSessionKeeper, type SessionKeeper } from './session-keeper.ts'
import { createMemoryWorld, type MemoryWorld } from './world.ts'

/**
 * A store without a disk, for tests and simulation. Stores opened on one `world` are clients of the same data, as the nodes
 * of a cluster would be; without one it is alone. Its time is the clock's: by default every call is answered at once.
 */
export function openMemoryStore(options: OpenOptions & { world?: MemoryWorld }): Store {
  const world = options.world ?? createMemoryWorld({ clock: options.clock })
  const { server, counts } = world
  const link: Link = world.connect(() => keeper.current(), options.clock)
  const keeper = createSessionKeeper({
    ...options,
    server,
    link,
    timeoutMs: options.sessionTimeoutMs,
    onOpened: (id) => world.name(id, link),
  })
  const watches = createWatches({
    ...options,
    isServing: () => keeper.current().state === 'serving' && !link.isSilent,
    subscribe: (target, ring) => server.bells.subscribe(target, () => link.ring(ring)),
  })
  keeper.onChange((session) => {
    if (session.state === 'serving') watches.ringAll()
  })
  const call = createCall({ ...options, link, keeper, touch: (id) => server.touch(id) })

  return {
    kind: 'memory',
    limits: storeLimits,
    get session() {
      return keeper.current()
    },
    health: () => ({
      servers: ['memory'],
      watchCount: watches.count,
      ephemeralCount: server.ephemeralCount(keeper.current().id),
    }),
    onSessionChange: (listener) => keeper.onChange(listener),
    async get(key, readOptions = {}) {
      assertKey(key)
      const kind = readOptions.fresh === true ? 'freshGet' : 'get'
      return call(kind, readOptions, () => {
        counts[kind]++
        const leaf = server.tree.get(key)
        counts.bytesRead += leaf?.value.byteLength ?? 0
        return leaf === undefined ? undefined : entryOf(key, leaf)
      })
    },
    async list(dir, listOptions = {}) {
      assertKey(dir)
      return call('list', listOptions, () => {
        const leaves = [...server.tree.leavesIn(dir)].map(([key, leaf]) =>
          listOptions.createRevisions === true
            ? { key, createRevision: leaf.createRevision }
            : { key },
        )
        counts.list++
        counts.listedLeaves += leaves.length
        return leaves satisfies Leaf[]
      })
    },
    async commit(commit, callOptions = {}): Promise<CommitResult> {
      const session = keeper.current()
      checkCommit(commit, session, options.permanentRoots)
      checkEphemerals(commit, server.ephemeralCount(session.id))
      const result = await call('commit', callOptions, () => {
        const applied = server.apply(commit, session.id)
        count(world, commit, applied)
        return applied
      })
      if (result === undefined) throw new SessionLost()
      return result
    },
    watch: (target, { signal }) => watches.watch(target, signal),
    async close() {
      keeper.close()
      watches.close()
    },
  }
}

/** One question to the server: not asked unless we serve, given up at its deadline. */
function createCall(deps: {
  clock: OpenOptions['clock']
  sessionTimeoutMs: number
  link: Link
  keeper: SessionKeeper
  touch: (sessionId: string) => boolean
}) {
  return async <T>(kind: CallKind, options: CallOptions, run: () => T): Promise<T> => {
    const session: Session = deps.keeper.current()
    if (session.state !== 'serving') throw new Suspended()
    const sentMs = deps.clock.monotonicMs()
    const [isAlive, value] = await deps.link.call({
      kind,
      run: () => [deps.touch(session.id), run()] as const,
      unanswered: () => (kind === 'commit' ? new OutcomeUnknown() : new Suspended()),
      deadlineMs: options.deadlineMs ?? deps.sessionTimeoutMs / 3,
      signal: options.signal,
    })
    deps.keeper.heard(session, sentMs, isAlive)
    return value
  }
}

function checkEphemerals(commit: Commit, ownedCount: number) {
  const addedCount = commit.writes.filter((one) => one.kind === 'create' && one.ephemeral).length
  if (addedCount > 0 && ownedCount + addedCount > storeLimits.ephemeralsMax) {
    throw new TooLarge(`at most ${storeLimits.ephemeralsMax} ephemerals in a session`)
  }
}

function entryOf(key: Key, leaf: StoredLeaf): Entry {
  return {
    key,
    value: new Uint8Array(leaf.value),
    version: String(leaf.versionCount),
    createRevision: leaf.createRevision,
  }
}

function count({ counts }: MemoryWorld, commit: Commit, result: CommitResult | undefined) {
  counts.commit++
  if (result?.ok !== true) {
    counts.refused++
    return
  }
  counts.writes += commit.writes.length
  for (const write of commit.writes) {
    if (write.kind !== 'delete') counts.bytesWritten += write.value.byteLength
  }
}
