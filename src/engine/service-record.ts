import type { CloseAuction, Outage } from '../auction/commands.ts'
import { lostTime } from '../auction/outage-credit.ts'
import type { Open, Scheduled } from '../auction/state.ts'
import { asError, type Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import type { ClusterTime, ServiceState } from './engine.ts'
import { watchFreezes } from './freezes.ts'
import type { Interval, OutageRecord } from './outage-record.ts'
import { createServiceBreaks } from './service-breaks.ts'

/**
 * Whether the store serves this node, and the evidence for giving time back. A change of leader is no outage, nor is a node that
 * froze, nor a link of one node; a store that nobody could write to is.
 */
export interface ServiceRecord {
  readonly service: ServiceState
  /**
   * Since when the store has served, and which outage took most from this auction: the one to give back. Undefined while the
   * store does not serve, the clock is unsettled, or the last silence is still being judged.
   */
  evidence(auction: Scheduled | Open): Evidence | undefined
  /** Since when this node has served without a break, on our monotonic clock; undefined while it does not. */
  servingSinceMs(): number | undefined
  /** Resolves when every silence that this node saw is judged. */
  judged(): Promise<void>
  /** When of that time, in cluster time, this node did not serve: suspended, frozen, not yet there; all of it while it does not know the time. */
  breaksWithin(gap: Interval): readonly Interval[]
  onChange(listener: (state: ServiceState) => void): () => void
  close(): void
}

export type Evidence = Pick<CloseAuction, 'servingSince' | 'outage'>

export function createServiceRecord(deps: {
  store: Store
  clock: Clock
  log: Log
  time: ClusterTime
  outages: OutageRecord
  sessionTimeoutMs: number
}): ServiceRecord {
  const { store, clock, time, outages } = deps
  const listeners = new Set<(state: ServiceState) => void>()
  let suspendedAtMs: number | undefined
  let service: ServiceState = { state: 'serving' }
  let servingSinceMs = clock.monotonicMs()
  const judgements = countJudgements(deps.log)
  const freezes = watchFreezes(clock)
  const breaks = createServiceBreaks({ ...deps, freezes })

  const change = (state: ServiceState) => {
    service = state
    listeners.forEach((listener) => listener(state))
  }
  const judge = (fromMs: number) => {
    const now = time.now()
    const nowMs = clock.monotonicMs()
    const toMs = freezes.endOfSilence(fromMs, nowMs)
    if (now === undefined || toMs === undefined) return
    const timeOf = (ms: number) => Math.round(now - (nowMs - ms))
    judgements.add(outages.judge({ from: timeOf(fromMs), to: timeOf(toMs) }))
  }
  const look = () => {
    const reason = whyPaused(store)
    if (reason !== undefined && (service.state !== 'paused' || service.reason !== reason)) {
      suspendedAtMs ??= clock.monotonicMs()
      change({ state: 'paused', reason })
    }
    if (reason === undefined && suspendedAtMs !== undefined) {
      judge(suspendedAtMs)
      breaks.addSilence({ fromMs: suspendedAtMs, toMs: clock.monotonicMs() })
      suspendedAtMs = undefined
      servingSinceMs = clock.monotonicMs()
      change({ state: 'serving' })
    }
  }
  const stopListening = store.onSessionChange(look)
  look()

  return {
    get service() {
      return service
    },
    evidence(auction) {
      if (suspendedAtMs !== undefined || judgements.pending) return undefined
      if (time.now() === undefined) return undefined
      const outage = costliest(auction, outages.recent)
      return outage === undefined ? { servingSince: 0 } : { servingSince: outage.to, outage }
    },
    servingSinceMs: () =>
      suspendedAtMs === undefined ? Math.max(servingSinceMs, freezes.thawedMs()) : undefined,
    judged: () => judgements.settled(),
    breaksWithin: (gap) => breaks.within(gap, suspendedAtMs),
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      stopListening()
      outages.close()
      freezes.stop()
    },
  }
}

/** In words for people; undefined while the store serves. */
function whyPaused(store: Store): string | undefined {
  if (store.health().isFull === true) return 'the store is full'
  return store.session.state === 'serving' ? undefined : 'the store does not answer'
}

/** The one that took most of what is still owed to this auction. */
function costliest(auction: Scheduled | Open, outages: readonly Outage[]): Outage | undefined {
  let best: Outage | undefined
  let mostMs = 0
  for (const outage of outages) {
    const lostMs = lostTime(auction, outage)
    if (lostMs <= mostMs) continue
    mostMs = lostMs
    best = outage
  }
  return best
}

/** Judgements that are not settled yet. */
function countJudgements(log: Log) {
  const pending = new Set<Promise<void>>()
  return {
    get pending() {
      return pending.size > 0
    },
    add(judgement: Promise<void>) {
      const settled = judgement
        .catch((error: unknown) =>
          log.warn({ error: asError(error).message }, 'an outage is not kept'),
        )
        .finally(() => pending.delete(settled))
      pending.add(settled)
    },
    async settled() {
      await Promise.all(pending)
    },
  }
}
