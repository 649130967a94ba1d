import type { Commit, Key, Store, Write } from '../../../src/store/store.ts'
import { appendIn, onStore } from '../plants/spoil.ts'
import type { Composition } from '../play.ts'
import { createNoLocks } from './no-locks.ts'

/** What such runs are about; zero of it means that nothing was tried. */
export interface Tried {
  /** Appends that were refused because another node had been faster. */
  overtakenCount: number
  /** Closes sent to the store, by auction: which nodes sent one. */
  readonly closers: Map<string, Set<string>>
  /** Terms begun by nodes that lead beside others. */
  readonly leaders: Set<string>
}

export const nothingTried = (): Tried => ({
  overtakenCount: 0,
  closers: new Map(),
  leaders: new Set(),
})

/** Every node believes at once that it holds every lock. */
export function locksOff(tried: Tried): Composition {
  const watched = onStore((store, { nodeId }) => ({
    commit: (commit, options) => noting(tried, nodeId, commit, store.commit(commit, options)),
  }))
  return {
    without: ['lock'],
    engine: (deps) => ({ ...watched.engine?.(deps), locks: createNoLocks() }),
  }
}

/** Every node is elected, by itself and beside the others: each has a queue of its own to lead from. */
export function everybodyLeads(tried: Tried, { hasLock }: { hasLock: boolean }): Composition {
  const elected = onStore((store, { nodeId }) => {
    const own = inOwnQueue(store, nodeId)
    const commit: Store['commit'] = (given, options) => {
      const leads = given.guards.some(({ key }) => key.startsWith('leader/'))
      if (leads) tried.leaders.add(nodeId)
      return noting(tried, nodeId, given, (own.commit ?? store.commit)(given, options))
    }
    return { ...own, commit }
  })
  if (hasLock) return elected
  return {
    without: ['lock'],
    engine: (deps) => ({ ...elected.engine?.(deps), locks: createNoLocks() }),
  }
}

async function noting<T extends { ok: boolean }>(
  tried: Tried,
  nodeId: string,
  commit: Commit,
  done: Promise<T>,
): Promise<T> {
  const append = appendIn(commit)
  if (append?.batch.events.some(({ type }) => type === 'AuctionClosed') === true) {
    const nodes = tried.closers.get(append.headKey) ?? new Set<string>()
    tried.closers.set(append.headKey, nodes.add(nodeId))
  }
  const result = await done
  if (append !== undefined && !result.ok) tried.overtakenCount++
  return result
}

/** `leader/…` of this node lies in a directory of its own; the first node's stays where it is. */
function inOwnQueue(store: Store, nodeId: string): Partial<Store> {
  if (nodeId === 'n1') return {}
  const there = (key: Key) => key.replace(/^leader(?=\/|$)/, `leader-${nodeId}`)
  const back = (key: Key) => key.replace(`leader-${nodeId}`, 'leader')
  return {
    async get(key, options) {
      const entry = await store.get(there(key), options)
      return entry && { ...entry, key: back(entry.key) }
    },
    async list(dir, options) {
      const leaves = await store.list(there(dir), options)
      return leaves.map((leaf) => ({ ...leaf, key: back(leaf.key) }))
    },
    watch: (target, options) =>
      store.watch(
        'key' in target ? { key: there(target.key) } : { dir: there(target.dir) },
        options,
      ),
    async commit({ guards, writes }, options) {
      const result = await store.commit(
        {
          guards: guards.map((guard) => ({ ...guard, key: there(guard.key) })),
          writes: writes.map((write): Write => ({ ...write, key: there(write.key) })),
        },
        options,
      )
      if (result.ok) return result
      return { ok: false, failed: result.failed.map((g) => ({ ...g, key: back(g.key) })) }
    },
  }
}
