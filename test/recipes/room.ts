import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { type AcquireOptions, createLocks, type Lock } from '../../src/recipes/lock.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createMemoryWorld, type MemoryWorld } from '../../src/store/memory/world.ts'
import type { Guard, Session } from '../../src/store/store.ts'
import { createManualClock, type ManualClock, settle } from '../support/manual-clock.ts'
import { createNodeClock } from './node-clock.ts'

export const lockPatienceMs = 1_000

/** Some nodes around one memory store; the test moves their time. */
export function createRoom(
  nodeCount: number,
  options: { sessionTimeoutMs?: number; skewsMs?: readonly number[] } = {},
) {
  const { sessionTimeoutMs = 6_000, skewsMs = [] } = options
  const clock = createManualClock()
  const world = createMemoryWorld({ clock })
  const nodes = Array.from({ length: nodeCount }, (_, index) =>
    createRoomNode({ clock, world, index, sessionTimeoutMs, skewMs: skewsMs[index] ?? 0 }),
  )
  return { clock, world, nodes }
}

export type RoomNode = ReturnType<typeof createRoomNode>

function createRoomNode(options: {
  clock: ManualClock
  world: MemoryWorld
  index: number
  sessionTimeoutMs: number
  skewMs: number
}) {
  const { world, sessionTimeoutMs, index } = options
  const nodeId = `node-${index + 1}`
  const clock = createNodeClock(options.clock, options.skewMs)
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
  let frozen: Session | undefined
  return {
    nodeId,
    clock,
    store,
    deps,
    locks: createLocks(deps),
    count: (name: string) => counted.get(name) ?? 0,
    /** The whole process stands still: nothing leaves, nothing arrives, no timer fires. */
    freeze() {
      frozen = store.session
      world.silence(frozen)
      clock.freeze()
    },
    thaw() {
      clock.thaw()
      if (frozen !== undefined) world.heal(frozen)
    },
  }
}

/** A promise that can be looked at: what has become of it so far. */
export interface Pending<T> {
  value: T | undefined
  error: Error | undefined
}

export function pend<T>(promise: Promise<T>): Pending<T> {
  const seen: Pending<T> = { value: undefined, error: undefined }
  promise.then(
    (value) => (seen.value = value),
    (error: unknown) => (seen.error = error as Error),
  )
  return seen
}

export const dir = 'locks/a'

/** Begins to acquire; what the lock guards stands still unless `progress` says otherwise. */
export function acquire(node: RoomNode, options: Partial<AcquireOptions> = {}): Pending<Lock> {
  return pend(
    node.locks.acquire(dir, {
      signal: new AbortController().signal,
      progress: async () => '0',
      commitMs: () => 0,
      ...options,
    }),
  )
}

/** Acquires what nobody else holds. */
export async function acquired(node: RoomNode): Promise<Lock> {
  const pending = acquire(node)
  await settle()
  if (pending.value === undefined) throw pending.error ?? new Error('not acquired at once')
  return pending.value
}

/** Whether a commit under this guard goes through: what a fenced-off holder finds out. */
export async function canWrite(node: RoomNode, guard: Guard): Promise<boolean> {
  const key = `notes/${node.deps.entropy.token(9)}`
  const write = { kind: 'create', key, value: new Uint8Array() } as const
  return (await node.store.commit({ guards: [guard], writes: [write] })).ok
}

/** Milliseconds of the test's time until the condition holds, looked at every 10 ms; throws beyond `maxMs`. */
export async function timeUntil(
  clock: ManualClock,
  condition: () => boolean,
  maxMs = 60_000,
): Promise<number> {
  const startMs = clock.monotonicMs()
  await settle()
  while (!condition()) {
    if (clock.monotonicMs() - startMs > maxMs) throw new Error(`not within ${maxMs} ms`)
    await clock.advance(10)
  }
  return clock.monotonicMs() - startMs
}
