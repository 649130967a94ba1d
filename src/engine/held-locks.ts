import type { Clock, Timer } from '../lib/clock.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Lock, Locks } from '../recipes/lock.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import type { LockDiary } from './lock-diary.ts'

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
  diary: LockDiary
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
    const options = acquireOptions(deps, auctionId, signal)
    const lock = await deps.locks.acquire(keys.locks(auctionId), options)
    const taken: Held = { lock, idle: undefined }
    const releaseIfResting = () => {
      if (held.get(auctionId) === taken && taken.idle !== undefined) void handOver(auctionId, taken)
    }
    whenWanted(lock, releaseIfResting)
    noteLoss(deps.diary, auctionId, lock)
    held.set(auctionId, taken)
    metrics.gauge('locks_held', held.size)
    const leastUsed = held.size > engineLimits.locksHeldMax ? firstResting(held) : undefined
    if (leastUsed !== undefined) void release(leastUsed)
    return lock
  }
  const handOver = (auctionId: string, { lock }: Held) => {
    if (!lock.lost.aborted) deps.diary.note({ kind: 'handed-over', auctionId, from: null })
    return release(auctionId)
  }

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
        void handOver(auctionId, entry)
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
      await handOver(auctionId, entry)
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

function isWanted({ lock }: Held): boolean {
  return lock.wanted.aborted || lock.lost.aborted
}

/** Also when it is lost: there is nothing to keep then. */
function whenWanted({ wanted, lost }: Lock, act: () => void): void {
  for (const over of [wanted, lost]) over.addEventListener('abort', act, { once: true })
}

function acquireOptions(deps: HeldLocksDeps, auctionId: string, signal: AbortSignal) {
  return {
    signal,
    commitMs: deps.commitMs,
    progress: () => deps.progress(auctionId),
    knownProgress: () => deps.knownProgress(auctionId),
  }
}

function noteLoss(diary: LockDiary, auctionId: string, { lost }: Lock): void {
  const note = () => diary.note({ kind: 'lost', auctionId, from: null })
  lost.addEventListener('abort', note, { once: true })
}
