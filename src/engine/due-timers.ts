import { asError, type Clock, type Timer, timerMaxMs } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { engineLimits } from './limits.ts'

/** What to do when an auction's instant has come: the next instant in cluster time, or undefined when it is over. */
export type OnDue = (auctionId: string) => Promise<number | undefined>

/**
 * One timer per auction, at an instant of cluster time. What is due is done `controlParallel` at once; the rest waits its turn.
 * What fails is tried again shortly.
 */
export interface DueTimers {
  has(auctionId: string): boolean
  /** Takes an auction's place before its instant is known. */
  reserve(auctionId: string): void
  arm(auctionId: string, dueAt: number): void
  drop(auctionId: string): void
  clear(): void
  readonly size: number
}

const retryMs = 250

export function createDueTimers(deps: {
  clock: Clock
  log: Log
  now: () => number | undefined
  onDue: OnDue
}): DueTimers {
  const { clock, log } = deps
  const timers = new Map<string, Timer | undefined>()
  const waiting: string[] = []
  let inFlight = 0

  const arm = (auctionId: string, dueAt: number) => {
    const now = deps.now()
    const delayMs = now === undefined ? retryMs : Math.min(timerMaxMs, Math.max(0, dueAt - now))
    timers.get(auctionId)?.cancel()
    const ring = () => {
      // Cluster time is slewed meanwhile, and no timer is armed for longer than `timerMaxMs`.
      if ((deps.now() ?? dueAt) < dueAt) {
        arm(auctionId, dueAt)
        return
      }
      waiting.push(auctionId)
      pump()
    }
    timers.set(auctionId, clock.setTimer(delayMs, ring))
  }
  const pump = () => {
    while (inFlight < engineLimits.controlParallel) {
      const auctionId = waiting.shift()
      if (auctionId === undefined) return
      if (!timers.has(auctionId)) continue
      inFlight++
      void attend(auctionId).finally(() => {
        inFlight--
        pump()
      })
    }
  }
  const attend = async (auctionId: string) => {
    try {
      const nextAt = await deps.onDue(auctionId)
      if (!timers.has(auctionId)) return
      if (nextAt === undefined) timers.delete(auctionId)
      else arm(auctionId, nextAt)
    } catch (error) {
      log.warn({ auctionId, error: asError(error).message }, 'due, but not done: tried again')
      if (timers.has(auctionId)) arm(auctionId, (deps.now() ?? 0) + retryMs)
    }
  }
  return {
    has: (auctionId) => timers.has(auctionId),
    reserve: (auctionId) => timers.set(auctionId, undefined),
    arm,
    drop: (auctionId) => timers.delete(auctionId),
    clear() {
      for (const timer of timers.values()) timer?.cancel()
      timers.clear()
      waiting.length = 0
    },
    get size() {
      return timers.size
    },
  }
}
