import type { Clock, Timer } from '../lib/clock.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Lock, Locks } from '../recipes/lock.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'

/**
 * The auction locks that this node keeps while nobody else wants them, so that the next bid costs one commit. A lock that is
 * idle for `lockIdleMs` is released, and the least recently used idle one when more than `locksHeldMax` are held.
 */
export interface HeldLocks {
  /** The lock, held already or acquired now. @throws as Locks.acquire */
  hold(auctionId: string, signal: AbortSignal): Promise<{ lock: Lock; isNew: boolean }>
  /** No work is left: keeps the lock for now, and releases it when it stays idle or is wanted. */
  rest(auctionId: string): void
  /** Work came back. */
  wake(auctionId: string): void
  /** Between two batches: lets a waiting node have it. */
  yieldIfWanted(auctionId: string): Promise<void>
  release(auctionId: string): Promise<void>
  releaseAll(): Promise<void>
  holds(auctionId: string): boolean
  readonly heldIds: readonly string[]
}

interface Held {
  lock: Lock
  idle: Timer | undefined
}

export interface HeldLocksDeps {
  locks: Locks
  clock: Clock
  metrics: Metrics
  /** Fresh place of the auction's journal: a waiter asks before it revokes a holder. */
  progress: (auctionId: string) => Promise<string>
  /** The same as far as this node knows it without asking. */
  knownProgress: (auctionId: string) => string
  commitMs: () => number
}

export function createHeldLocks(deps: HeldLocksDeps): HeldLocks {
  const { clock, metrics } = deps
  const held = new Map<string, Held>()

  const release = async (auctionId: string) => {
    const entry = held.get(auctionId)
    if (entry === undefined) return
    held.delete(auctionId)
    entry.idle?.cancel()
    metrics.gauge('locks_held', held.size)
    await entry.lock.release()
  }
  const acquire = async (auctionId: string, signal: AbortSignal): Promise<Lock> => {
    await release(auctionId)
    const { commitMs } = deps
    const progress = () => deps.progress(auctionId)
    const knownProgress = () => deps.knownProgress(auctionId)
    const options = { signal, progress, knownProgress, commitMs }
    const lock = await deps.locks.acquire(keys.locks(auctionId), options)
    const taken: Held = { lock, idle: undefined }
    const releaseIfResting = () => {
      if (held.get(auctionId) === taken && taken.idle !== undefined) void release(auctionId)
    }
    lock.wanted.addEventListener('abort', releaseIfResting, { once: true })
    lock.lost.addEventListener('abort', releaseIfResting, { once: true })
    held.set(auctionId, taken)
    metrics.gauge('locks_held', held.size)
    const leastUsed = held.size > engineLimits.locksHeldMax ? firstResting(held) : undefined
    if (leastUsed !== undefined) void release(leastUsed)
    return lock
  }
  const isWanted = ({ lock }: Held) => lock.wanted.aborted || lock.lost.aborted

  return {
    async hold(auctionId, signal) {
      const entry = held.get(auctionId)
      if (entry?.lock.lost.aborted === false) return { lock: entry.lock, isNew: false }
      return { lock: await acquire(auctionId, signal), isNew: true }
    },
    rest(auctionId) {
      const entry = held.get(auctionId)
      if (entry === undefined) return
      if (isWanted(entry)) {
        void release(auctionId)
        return
      }
      held.delete(auctionId)
      held.set(auctionId, entry)
      entry.idle = clock.setTimer(engineLimits.lockIdleMs, () => void release(auctionId))
    },
    wake(auctionId) {
      const entry = held.get(auctionId)
      entry?.idle?.cancel()
      if (entry !== undefined) entry.idle = undefined
    },
    async yieldIfWanted(auctionId) {
      const entry = held.get(auctionId)
      if (entry === undefined || !isWanted(entry)) return
      metrics.count('lock_yields_total')
      await release(auctionId)
    },
    release,
    async releaseAll() {
      await Promise.all([...held.keys()].map(release))
    },
    holds: (auctionId) => held.get(auctionId)?.lock.lost.aborted === false,
    get heldIds() {
      return [...held.keys()]
    },
  }
}

/** The least recently used lock that nobody is working under. */
function firstResting(held: ReadonlyMap<string, Held>): string | undefined {
  for (const [auctionId, { idle }] of held) if (idle !== undefined) return auctionId
  return undefined
}
