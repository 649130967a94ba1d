import type { Clock, Timer } from '../lib/clock.ts'
import type { Lock } from '../recipes/lock.ts'
import { engineLimits } from './limits.ts'

/**
 * One auction's lock while this node has it, and for how long it is to be kept: while nobody else wants it, for `lockIdleMs`
 * without work; once somebody does, for `lockTenureMs` from when it was got, and without work for `lockLingerMs` at most.
 */
export interface HeldLock {
  readonly lock: Lock
  /** Nothing is done under it just now. */
  isResting(): boolean
  /** Somebody waits for it, or it is lost: there is nothing to keep then. */
  isWanted(): boolean
  /** It is wanted, and our time is over. */
  isDue(): boolean
  /** No work is left. */
  rest(): void
  /** Work came back, or it is given up. */
  wake(): void
}

/** `onOver` is called when it has rested for long enough. */
export function keepLock(clock: Clock, lock: Lock, onOver: () => void): HeldLock {
  const sinceMs = clock.monotonicMs()
  let restingSinceMs = sinceMs
  let timer: Timer | undefined

  const isWanted = () => lock.wanted.aborted || lock.lost.aborted
  const tenureLeftMs = () =>
    lock.lost.aborted ? 0 : sinceMs + engineLimits.lockTenureMs - clock.monotonicMs()
  const restLeftMs = () => {
    const restMaxMs = isWanted() ? engineLimits.lockLingerMs : engineLimits.lockIdleMs
    const leftMs = restingSinceMs + restMaxMs - clock.monotonicMs()
    return isWanted() ? Math.min(leftMs, tenureLeftMs()) : leftMs
  }
  const wake = () => {
    timer?.cancel()
    timer = undefined
  }
  const restOn = () => {
    wake()
    const leftMs = restLeftMs()
    if (leftMs > 0) timer = clock.setTimer(leftMs, onOver)
    else onOver()
  }
  for (const change of [lock.wanted, lock.lost]) {
    change.addEventListener('abort', () => timer !== undefined && restOn(), { once: true })
  }
  return {
    lock,
    isResting: () => timer !== undefined,
    isWanted,
    isDue: () => isWanted() && tenureLeftMs() <= 0,
    rest() {
      restingSinceMs = clock.monotonicMs()
      restOn()
    },
    wake,
  }
}
