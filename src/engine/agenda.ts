import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { nameOf } from '../store/key.ts'
import type { Store } from '../store/store.ts'
import { decodeJson } from './codec.ts'
import { createDueTimers, type OnDue } from './due-timers.ts'
import { buckets, keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'

/**
 * The leader's to-do list: every live auction with the instant at which something is due. Follows the live keys of all buckets
 * by watches, and lists them every `agendaListMs` besides; a bucket that goes on ringing is listed once in `agendaPauseMs`.
 * Timers are armed lazily: an instant that moved is found out when it comes, and armed again.
 */
export interface Agenda {
  /** Runs until the signal aborts. Never throws. */
  run(signal: AbortSignal): Promise<void>
  readonly size: number
}

interface LiveEntry {
  /** 0 where it was opened as it was created. */
  startsAt: number
  endsAt: number
}

export function createAgenda(deps: {
  store: Store
  clock: Clock
  log: Log
  now: () => number | undefined
  /** A close is due so long after the end. */
  closeGraceMs: number
  onDue: OnDue
}): Agenda {
  const { store, clock, log } = deps
  const timers = createDueTimers(deps)

  const add = async (auctionId: string) => {
    if (timers.has(auctionId)) return
    timers.reserve(auctionId)
    const key = keys.live(auctionId)
    try {
      const entry = await store.get(key)
      if (entry === undefined) {
        timers.drop(auctionId)
        return
      }
      const { startsAt, endsAt } = decodeJson(key, entry.value) as LiveEntry
      // Also a start that has passed: nobody may have opened it.
      timers.arm(auctionId, startsAt > 0 ? startsAt : endsAt + deps.closeGraceMs)
    } catch (error) {
      timers.drop(auctionId)
      log.warn({ auctionId, error: asError(error).message }, 'a live auction is read later')
    }
  }
  const listBucket = async (bucket: string) => {
    try {
      const leaves = await store.list(keys.lives(bucket))
      const ids = leaves.map((leaf) => nameOf(leaf.key)).filter((id) => !timers.has(id))
      for (let at = 0; at < ids.length; at += engineLimits.parallelReads) {
        await Promise.all(ids.slice(at, at + engineLimits.parallelReads).map(add))
      }
    } catch (error) {
      log.debug({ bucket, error: asError(error).message }, 'live auctions are listed later')
    }
  }
  const followBucket = async (bucket: string, signal: AbortSignal) => {
    for await (const _ of store.watch({ dir: keys.lives(bucket) }, { signal })) {
      await listBucket(bucket)
      // Each close rings, our own too: those that come within the pause are one list.
      await sleep(clock, engineLimits.agendaPauseMs, signal).catch(() => undefined)
    }
  }
  const relist = async (signal: AbortSignal) => {
    for (;;) {
      await sleep(clock, engineLimits.agendaListMs, signal).catch(() => undefined)
      if (signal.aborted) return
      for (const bucket of buckets) await listBucket(bucket)
    }
  }

  return {
    async run(signal) {
      try {
        const follows = buckets.map((bucket) => followBucket(bucket, signal))
        await Promise.all([relist(signal), ...follows])
      } catch (error) {
        log.error({ error: asError(error).message }, 'the agenda broke off')
      } finally {
        timers.clear()
      }
    },
    get size() {
      return timers.size
    },
  }
}
