import { setMaxListeners } from 'node:events'
import type { CloseAuction, OpenAuction } from '../auction/commands.ts'
import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Election, Leadership } from '../recipes/election.ts'
import type { Store } from '../store/store.ts'
import { createAgenda } from './agenda.ts'
import type { Bids } from './bidding.ts'
import type { Copies } from './copies.ts'
import type { ClusterTime } from './engine.ts'
import type { ServiceRecord } from './service-record.ts'

/**
 * The leader's work: it alone opens, closes and gives time back, each as a command on the bids' own way, with its leadership as
 * a guard on that commit. Extensions are not its work: a bid's own commit carries them, and the leader follows.
 */
export interface Auctioneer {
  /** Campaigns, leads, campaigns again, until the signal aborts; then resigns. Never throws. */
  run(signal: AbortSignal): Promise<void>
}

export interface AuctioneerDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  election: Election
  bidding: Bids
  copies: Copies
  time: ClusterTime
  service: ServiceRecord
  closeGraceMs: number
  /** Whether we may stand for election; false where another member has cluster time and we have not. */
  mayCampaign: () => boolean
  /** The same, past what may be out of date, for the moment of being elected. @throws Suspended */
  mayLead: () => Promise<boolean>
  /** Writes the beacon while we lead; resolves when it ends. */
  keepTime: (leadership: Leadership, signal: AbortSignal) => Promise<void>
  /** Whether a beacon of this leadership, or of a later one, has answered for every long time in which we did not serve. */
  isSilenceJudged: (leadership: Leadership) => boolean
  /** Learns what earlier leaders found out, and what this node saw itself: its first beacon would end that evidence. */
  readOutages: () => Promise<void>
  /** The same while we lead. */
  followOutages: (signal: AbortSignal) => Promise<void>
  /** Clears away what nobody needs any more, while we lead; beside the closes. Never throws. */
  sweep: (signal: AbortSignal) => Promise<void>
}

const pauseMs = 250

export function createAuctioneer(deps: AuctioneerDeps): Auctioneer {
  const { clock, log, metrics, election } = deps

  const lead = async (leadership: Leadership, signal: AbortSignal) => {
    const stop = new AbortController()
    const until = AbortSignal.any([signal, leadership.lost, stop.signal])
    // Every bucket's watch listens to it.
    setMaxListeners(0, until)
    const agenda = createAgenda({
      ...deps,
      now: () => deps.time.now(),
      onDue: (auctionId) => attend(deps, leadership, auctionId, () => stop.abort()),
    })
    metrics.gauge('leader', 1)
    try {
      await deps.readOutages()
      void deps.followOutages(until)
      void deps.sweep(until)
      await Promise.race([deps.keepTime(leadership, until), agenda.run(until), aborted(until)])
    } finally {
      stop.abort()
      metrics.gauge('leader', 0)
      log.info({ term: leadership.term.toString() }, 'leads no more')
      await leadership.resign()
    }
  }

  return {
    async run(signal) {
      for (;;) {
        if (signal.aborted) return
        try {
          if (deps.mayCampaign()) {
            const leadership = await election.campaign(signal)
            // Our clock may have lost its footing while we waited, or another's found it: then whoever has the time leads.
            const mayLead = await deps.mayLead().catch(() => false)
            if (mayLead) await lead(leadership, signal)
            else await leadership.resign()
          }
        } catch (error) {
          log.debug({ error: asError(error).message }, 'campaigns again')
        }
        await sleep(clock, pauseMs, signal).catch(() => undefined)
      }
    },
  }
}

/** What is due for one auction, on a fresh read of its head. Resolves to the next instant, undefined when it is over. */
async function attend(
  deps: AuctioneerDeps,
  leadership: Leadership,
  auctionId: string,
  onDisproved: () => void,
): Promise<number | undefined> {
  const { copies, time, closeGraceMs } = deps
  const copy = await copies.load(auctionId, { fresh: true })
  const now = time.now()
  if (copy === undefined) return undefined
  const { state } = copy.head
  if (state.phase === 'closed' || state.phase === 'cancelled') return undefined
  const evidence = deps.isSilenceJudged(leadership) ? deps.service.evidence(state) : undefined
  if (now === undefined || evidence === undefined) return (now ?? 0) + pauseMs
  const { startsAt } = state.conditions
  const opensFirst = state.phase === 'scheduled' && now < state.endsAt
  const dueAt = opensFirst ? startsAt : state.endsAt + closeGraceMs
  if (now < dueAt) return dueAt

  const command: OpenAuction | CloseAuction = opensFirst
    ? { type: 'OpenAuction', at: now }
    : { type: 'CloseAuction', at: now, ...evidence }
  const outcome = await deps.bidding.handle(auctionId, { command, proof: [leadership.guard] })
  switch (outcome.kind) {
    case 'done': {
      const after = outcome.copy.head.state
      if (after.phase === 'closed') noteLateness(deps, now - dueAt)
      return after.phase === 'closed' ? undefined : after.endsAt + closeGraceMs
    }
    case 'refused': {
      const { rejection } = outcome
      return rejection.code === 'not-due' ? rejection.endsAt + closeGraceMs : now
    }
    case 'disproved':
      onDisproved()
      return undefined
    case 'no-such-auction':
      return undefined
    case 'failed':
      return now + pauseMs
  }
}

function noteLateness({ metrics }: AuctioneerDeps, lateMs: number): void {
  metrics.observe('close_lateness_seconds', Math.max(0, lateMs) / 1_000)
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
