import { asError, type Clock, sleep, type Timer, timerMaxMs } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { nameOf } from '../store/key.ts'
import type { Store } from '../store/store.ts'
import { decodeJson } from './codec.ts'
import { buckets, keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'

/**
 * The leader's to-do list: every live auction with the instant at which something is due. Follows the live keys of all buckets
 * by watches, and lists them every `agendaListMs` besides. Timers are armed lazily: an instant that moved is found out when it
 * comes, and armed again.
 */
export interface Agenda {
  /** Runs until the signal aborts. Never throws. */
  run(signal: AbortSignal): Promise<void>
  readonly size: number
}

/** What to do when an auction's instant has come: the next instant in cluster time, or undefined when it is over. */
export type OnDue = (auctionId: string) => Promise<number | undefined>

interface LiveEntry {
  startsAt: number
  endsAt: number
}

const retryMs = 250

export function createAgenda(deps: {
  store: Store
  clock: Clock
  log: Log
  now: () => number | undefined
  onDue: OnDue
}): Agenda {
  const { store, clock, log } = deps
  const timers = new Map<string, Timer | undefined>()
  const waiting: string[] = []
  let inFlight = 0

  const arm = (auctionId: string, dueAt: number) => {
    const now = deps.now()
    const delayMs = now === undefined ? retryMs : Math.min(timerMaxMs, Math.max(0, dueAt - now))
    timers.get(auctionId)?.cancel()
    timers.set(
      auctionId,
      clock.setTimer(delayMs, () => ring(auctionId)),
    )
  }
  const ring = (auctionId: string) => {
    waiting.push(auctionId)
    pump()
  }
  /** Closes run side by side, `controlParallel` at once; the others wait their turn. */
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

  const add = async (auctionId: string) => {
    if (timers.has(auctionId)) return
    timers.set(auctionId, undefined)
    const key = keys.live(auctionId)
    try {
      const entry = await store.get(key)
      if (entry === undefined) {
        timers.delete(auctionId)
        return
      }
      const { startsAt, endsAt } = decodeJson(key, entry.value) as LiveEntry
      const now = deps.now() ?? 0
      arm(auctionId, startsAt > now ? startsAt : endsAt)
    } catch (error) {
      timers.delete(auctionId)
      log.warn({ auctionId, error: asError(error).message }, 'a live auction is read later')
    }
  }
  const listBucket = async (bucket: string, isKnown: boolean) => {
    try {
      const leaves = await store.list(keys.lives(bucket))
      const ids = leaves.map((leaf) => nameOf(leaf.key)).filter((id) => !timers.has(id))
      for (let at = 0; at < ids.length; at += engineLimits.parallelReads) {
        await Promise.all(ids.slice(at, at + engineLimits.parallelReads).map(add))
      }
    } catch (error) {
      if (!isKnown)
        log.warn({ bucket, error: asError(error).message }, 'live auctions are listed later')
    }
  }
  const followBucket = async (bucket: string, signal: AbortSignal) => {
    for await (const _ of store.watch({ dir: keys.lives(bucket) }, { signal })) {
      await listBucket(bucket, false)
    }
  }
  const relist = async (signal: AbortSignal) => {
    while (!signal.aborted) {
      await sleep(clock, engineLimits.agendaListMs, signal).catch(() => undefined)
      for (const bucket of buckets) if (!signal.aborted) await listBucket(bucket, true)
    }
  }

  return {
    async run(signal) {
      try {
        await Promise.all([
          relist(signal),
          ...buckets.map((bucket) => followBucket(bucket, signal)),
        ])
      } catch (error) {
        log.error({ error: asError(error).message }, 'the agenda broke off')
      } finally {
        for (const timer of timers.values()) timer?.cancel()
        timers.clear()
        waiting.length = 0
      }
    },
    get size() {
      return timers.size
    },
  }
}
