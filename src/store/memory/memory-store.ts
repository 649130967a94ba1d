import { checkCommit } from '../check-commit.ts'
import { SessionLost, Suspended } from '../errors.ts'
import { assertKey } from '../key.ts'
import { createRoom } from '../room.ts'
import { checkEphemerals } from './check-ephemerals.ts'
import { copyCommit } from './copy-commit.ts'
import { createWatches } from './watches.ts'
import type { OpenOptions } from '../open-options.ts'
import { type Entry, type Key, type Leaf, type Session, type Store, storeLimits } from '../store.ts'
import { createMemoryClient, type MemoryClient } from './client.ts'
import type { StoredLeaf } from './server.ts'
import { countCommit, createMemoryWorld, type MemoryWorld } from './world.ts'

/**
 * A store without a disk, for tests and simulation. Stores opened on one `world` are clients of the same data, as the nodes
 * of a cluster would be; without one it is alone. Its time is the clock's: by default every call is answered at once.
 */
export function openMemoryStore(options: OpenOptions & { world?: MemoryWorld }): Store {
  const world = options.world ?? createMemoryWorld({ clock: options.clock })
  const client = createMemoryClient(options, world)
  const { keeper, link } = client
  const { bells, sessions } = world.server
  let rungMs = -Infinity
  const watches = createWatches({
    ...options,
    isServing: () => keeper.current().state === 'serving' && !link.isSilent,
    subscribe: (target, ring) => bells.subscribe(target, () => link.ring(ring)),
  })
  const room = createRoom({
    ...options,
    probe: async () => (world.isFull ? Promise.reject(new Suspended()) : undefined),
    onChange: () => keeper.tell(),
  })
  keeper.onChange((session) => {
    if (session.state === 'serving') watches.ringAll()
  })
  return {
    kind: 'memory',
    limits: storeLimits,
    get session() {
      return keeper.current()
    },
    health: () => ({
      servers: ['memory'],
      watchCount: watches.count,
      ephemeralCount: sessions.ephemerals(keeper.current().id).size,
      isFull: room.isFull,
    }),
    onSessionChange: (listener) => keeper.onChange(listener),
    // One copy of the data: there is no other server to go to.
    distrust: () => undefined,
    ...createReads(client, world, () => rungMs),
    async commit(commit, callOptions = {}) {
      const session = keeper.current()
      checkCommit(commit, session, options.permanentRoots)
      checkEphemerals(commit, sessions.ephemerals(session.id).size)
      const sent = copyCommit(commit)
      const result = await client.ask('commit', callOptions, () => {
        if (world.isFull && sent.writes.some(({ kind }) => kind !== 'delete')) {
          room.refused()
          throw new Suspended('the store is full')
        }
        const applied = world.server.apply(sent, session.id)
        countCommit(world.counts, sent, applied)
        return applied
      })
      if (result === undefined) throw new SessionLost()
      return result
    },
    async *watch(target, { signal }) {
      for await (const ring of watches.watch(target, signal)) {
        rungMs = options.clock.monotonicMs()
        yield ring
      }
    },
    async close() {
      room.close()
      keeper.close()
      watches.close()
    },
  }
}

function createReads(
  client: MemoryClient,
  world: MemoryWorld,
  rungMs: () => number,
): Pick<Store, 'get' | 'list'> {
  const { server, counts } = world
  /** A plain read may lag, but never behind a ring that this client heard. */
  const lagMs = (session: Session) => {
    const staleMs = world.staleness?.(session) ?? 0
    return staleMs > 0 ? Math.min(staleMs, client.clock.monotonicMs() - rungMs()) : 0
  }
  return {
    async get(key, options = {}) {
      assertKey(key)
      const kind = options.fresh === true ? 'freshGet' : 'get'
      return client.ask(kind, options, (session) => {
        const leaf = server.get(key, kind === 'get' ? lagMs(session) : 0)
        counts[kind]++
        counts.bytesRead += leaf?.value.byteLength ?? 0
        return leaf === undefined ? undefined : entryOf(key, leaf)
      })
    },
    async list(dir, options = {}) {
      assertKey(dir)
      const isAsked = options.createRevisions === true
      return client.ask('list', options, (session) => {
        const leaves: Leaf[] = []
        for (const [key, { createRevision }] of server.list(dir, lagMs(session))) {
          leaves.push(isAsked ? { key, createRevision } : { key })
        }
        counts.list++
        counts.listedLeaves += leaves.length
        return leaves
      })
    },
  }
}

const entryOf = (key: Key, leaf: StoredLeaf): Entry => ({
  key,
  value: new Uint8Array(leaf.value),
  version: String(leaf.versionCount),
  createRevision: leaf.createRevision,
})
