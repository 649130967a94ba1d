import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createLocks, type AcquireOptions, type Lock } from '../../src/recipes/lock.ts'
import { createManualClock, settle } from '../support/manual-clock.ts'

export const sessionTimeoutMs = 6_000
export const lockPatienceMs = 1_000

/** Some nodes around one memory store, all on one clock that the test moves. */
export function createRoom(nodeCount: number) {
  const clock = createManualClock()
  const world = createMemoryWorld({ clock })
  const nodes = Array.from({ length: nodeCount }, (_, index) => {
    const nodeId = `node-${index + 1}`
    const counted = new Map<string, number>()
    const metrics: Metrics = {
      count: (name, _labels, by = 1) => void counted.set(name, (counted.get(name) ?? 0) + by),
      observe: () => undefined,
      gauge: () => undefined,
    }
    const shared = { clock, entropy: seededEntropy(index + 1), log: silentLog, metrics }
    const store = openMemoryStore({
      ...shared,
      world,
      permanentRoots: ['head', 'clock'],
      sessionTimeoutMs,
    })
    const deps = { ...shared, store, nodeId, lockPatienceMs, sessionTimeoutMs }
    return { nodeId, store, deps, counted, locks: createLocks(deps) }
  })
  return { clock, world, nodes }
}

export type Room = ReturnType<typeof createRoom>
export type RoomNode = Room['nodes'][number]

/** A promise that can be looked at: what has become of it so far. */
export interface Pending<T> {
  value: T | undefined
  error: Error | undefined
}

export function look<T>(promise: Promise<T>): Pending<T> {
  const seen: Pending<T> = { value: undefined, error: undefined }
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error as Error),
  )
  return seen
}

/** Begins to acquire and returns at once; the journal behind the lock stands still unless `progress` says otherwise. */
export function acquire(node: RoomNode, options: Partial<AcquireOptions> = {}): Pending<Lock> {
  return look(
    node.locks.acquire('locks/a', {
      signal: new AbortController().signal,
      progress: async () => '0',
      commitMs: () => 0,
      ...options,
    }),
  )
}

export async function acquired(node: RoomNode): Promise<Lock> {
  const pending = acquire(node)
  await settle()
  if (pending.value === undefined) throw pending.error ?? new Error('not acquired at once')
  return pending.value
}
