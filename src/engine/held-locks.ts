import type { Clock } from '../lib/clock.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Lock, Locks } from '../recipes/lock.ts'
import type { Key, Store, Write } from '../store/store.ts'
import { type HeldLock, keepLock } from './held-lock.ts'
import { keys } from './keyspace.ts'
import { leaveTogether } from './leave-together.ts'
import { engineLimits } from './limits.ts'
import type { LockDiary } from './lock-diary.ts'

/**
 * The auction locks that this node keeps while nobody else wants them, so that the next bid costs one commit. A lock that is
 * idle for `lockIdleMs` is released, and the least recently used idle ones when more than `locksHeldMax` are held.
 *
 * One that somebody waits for is kept for `lockTenureMs` from when it was got, as long as bids come: what a hand-over costs is
 * then shared by several batches, and those who were told that they bid too low can bid higher before it goes.
 */
export interface HeldLocks {
  /** The lock, held already or acquired now. @throws as Locks.acquire */
  hold(auctionId: string, signal: AbortSignal): Promise<{ lock: Lock; isNew: boolean }>
  /** No work is left: keeps the lock for now, and releases it when it stays idle or is wanted. */
  rest(auctionId: string): void
  /** Work came back. */
  wake(auctionId: string): void
  /** Between two batches: lets a waiting node have it, once our time is over. */
  yieldIfDue(auctionId: string): Promise<void>
  /** To be written with the last batch of our time, in place of yielding after it; then `left` is to be called. */
  farewell(auctionId: string): Write | undefined
  /** The commit that wrote it has landed. */
  left(auctionId: string): void
  release(auctionId: string): Promise<void>
  releaseAll(): Promise<void>
  holds(auctionId: string): boolean
  /** Our key in the queue of a lock that we hold. */
  keyOf(auctionId: string): Key | undefined
  readonly heldIds: readonly string[]
}

export interface HeldLocksDeps {
  store: Pick<Store, 'commit'>
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
  const held = new Map<string, HeldLock>()

  const forget = (auctionId: string): HeldLock | undefined => {
    const entry = held.get(auctionId)
    held.delete(auctionId)
    entry?.wake()
    metrics.gauge('locks_held', held.size)
    return entry
  }
  const release = async (auctionId: string) => {
    const entry = forget(auctionId)
    if (entry?.isWanted() === true) noteHandOver(deps.diary, auctionId, entry)
    await entry?.lock.release()
  }
  const acquire = async (auctionId: string, signal: AbortSignal): Promise<Lock> => {
    await release(auctionId)
    const options = acquireOptions(deps, auctionId, signal)
    const lock = await deps.locks.acquire(keys.locks(auctionId), options)
    noteLoss(deps.diary, auctionId, lock)
    const onOver = () => void release(auctionId)
    held.set(auctionId, keepLock(clock, lock, onOver))
    metrics.gauge('locks_held', held.size)
    const tooMany = held.size > engineLimits.locksHeldMax ? leastUsed(held) : []
    const left = tooMany.flatMap((id) => forget(id)?.lock ?? [])
    void leaveTogether(deps.store, left)
    return lock
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
      held.delete(auctionId)
      held.set(auctionId, entry)
      entry.rest()
    },
    wake: (auctionId) => held.get(auctionId)?.wake(),
    async yieldIfDue(auctionId) {
      if (held.get(auctionId)?.isDue() !== true) return
      metrics.count('lock_yields_total')
      await release(auctionId)
    },
    farewell(auctionId) {
      const entry = held.get(auctionId)
      return entry?.isDue() === true ? entry.lock.farewell?.write : undefined
    },
    left(auctionId) {
      const entry = forget(auctionId)
      if (entry === undefined) return
      entry.lock.farewell?.landed()
      noteHandOver(deps.diary, auctionId, entry)
      metrics.count('lock_yields_total')
    },
    release,
    async releaseAll() {
      await Promise.all([...held.keys()].map(release))
    },
    holds: (auctionId) => keyOf(held.get(auctionId)) !== undefined,
    keyOf: (auctionId) => keyOf(held.get(auctionId)),
    get heldIds() {
      return [...held.keys()]
    },
  }
}

function keyOf(entry: HeldLock | undefined): Key | undefined {
  return entry?.lock.lost.aborted === false ? entry.lock.guard.key : undefined
}

/** Locks that nobody is working under, the least recently used first: some more than must go, since they go in one commit. */
function leastUsed(held: ReadonlyMap<string, HeldLock>): string[] {
  const ids: string[] = []
  for (const [auctionId, lock] of held) {
    if (lock.isResting()) ids.push(auctionId)
    if (ids.length === engineLimits.locksLeftTogether) break
  }
  return ids
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

function noteHandOver(diary: LockDiary, auctionId: string, { lock }: HeldLock): void {
  if (!lock.lost.aborted) diary.note({ kind: 'handed-over', auctionId, from: null })
}
