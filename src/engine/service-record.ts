import type { CloseAuction, Outage } from '../auction/commands.ts'
import { lostTime } from '../auction/outage-credit.ts'
import type { Open, Scheduled } from '../auction/state.ts'
import { asError, type Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import type { ClusterTime, ServiceState } from './engine.ts'
import type { Interval, OutageRecord } from './outage-record.ts'

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
  /** Takes in the time for which the whole cluster was down. */
  noteColdGap(gap: Interval): void
  /** Since when this node has served without a break, on our monotonic clock; undefined while it does not. */
  servingSinceMs(): number | undefined
  onChange(listener: (state: ServiceState) => void): () => void
  close(): void
}

export type Evidence = Pick<CloseAuction, 'servingSince' | 'outage'>

const tickMs = 250
/** A tick that comes so late tells that the process itself stood still. */
const frozenMs = 1_000

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

  const change = (state: ServiceState) => {
    service = state
    listeners.forEach((listener) => listener(state))
  }
  const judge = (fromMs: number) => {
    const now = time.now()
    if (now === undefined || freezes.wasFrozenSince(fromMs)) return
    const lastedMs = clock.monotonicMs() - fromMs
    judgements.add(outages.judge({ from: Math.round(now - lastedMs), to: now }))
  }
  const look = () => {
    const isServing = store.session.state === 'serving'
    if (!isServing && suspendedAtMs === undefined) {
      suspendedAtMs = clock.monotonicMs()
      change({ state: 'paused', reason: 'the store does not answer' })
    }
    if (isServing && suspendedAtMs !== undefined) {
      judge(suspendedAtMs)
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
    noteColdGap: (gap) => judgements.add(outages.keepColdGap(gap)),
    servingSinceMs: () =>
      suspendedAtMs === undefined ? Math.max(servingSinceMs, freezes.thawedMs()) : undefined,
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
  let count = 0
  return {
    get pending() {
      return count > 0
    },
    add(judgement: Promise<void>) {
      count++
      void judgement
        .catch((error: unknown) =>
          log.warn({ error: asError(error).message }, 'an outage is not kept'),
        )
        .finally(() => count--)
    },
  }
}

/** Notices by a timer that comes late that this process stood still. */
function watchFreezes(clock: Clock) {
  let tickedMs = clock.monotonicMs()
  let thawedMs = -Infinity
  const tick = () => {
    const nowMs = clock.monotonicMs()
    if (nowMs - tickedMs > frozenMs) thawedMs = nowMs
    tickedMs = nowMs
    timer = clock.setTimer(tickMs, tick)
  }
  let timer = clock.setTimer(tickMs, tick)
  return {
    /** Also when the freeze ended just before: silence is noticed late. */
    wasFrozenSince: (sinceMs: number) =>
      thawedMs >= sinceMs - frozenMs || clock.monotonicMs() - tickedMs > frozenMs,
    /** -Infinity before the first. */
    thawedMs: () => thawedMs,
    stop: () => timer.cancel(),
  }
}
