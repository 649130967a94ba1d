import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Election } from '../recipes/election.ts'
import type { Store } from '../store/store.ts'
import type { Copies } from './copies.ts'
import type { ClusterTime } from './engine.ts'
import { engineLimits } from './limits.ts'

const lookEveryMs = 1_000

/**
 * Followers take the leadership from a leader that lives but does not lead: when its beacon has been silent for a session
 * timeout, or an auction known here is overdue by more than `overdueMsMax`, while the store serves us all the time.
 */
export async function watchLeader(
  deps: {
    store: Store
    clock: Clock
    log: Log
    election: Election
    copies: Copies
    time: ClusterTime
    nodeId: string
    closeGraceMs: number
    sessionTimeoutMs: number
    /** On our monotonic clock; undefined before the first. */
    lastBeaconAtMs: () => number | undefined
    knownLiveIds: () => Iterable<string>
  },
  signal: AbortSignal,
): Promise<void> {
  const { store, clock, log, election, time } = deps
  let servingSinceMs = clock.monotonicMs()
  let leaderSinceMs = clock.monotonicMs()
  const stopListening = [
    store.onSessionChange(() => (servingSinceMs = clock.monotonicMs())),
    election.onChange(() => (leaderSinceMs = clock.monotonicMs())),
  ]
  const isOverdue = async (auctionId: string): Promise<boolean> => {
    const latest = (endsAt: number) => endsAt + deps.closeGraceMs + engineLimits.overdueMsMax
    const known = deps.copies.peek(auctionId)?.head.state
    const now = time.now()
    if (known?.phase !== 'open' || now === undefined || now < latest(known.endsAt)) return false
    const fresh = (await deps.copies.load(auctionId, { fresh: true }))?.head.state
    return fresh?.phase === 'open' && (time.now() ?? 0) >= latest(fresh.endsAt)
  }
  const whyStuck = async (): Promise<string | undefined> => {
    const sinceMs = Math.max(deps.lastBeaconAtMs() ?? 0, servingSinceMs, leaderSinceMs)
    const quietMs = clock.monotonicMs() - sinceMs
    if (quietMs > deps.sessionTimeoutMs) return 'its beacon is silent'
    const grownInMs = clock.monotonicMs() - Math.max(servingSinceMs, leaderSinceMs)
    if (grownInMs < engineLimits.overdueMsMax) return undefined
    for (const auctionId of deps.knownLiveIds()) {
      if (await isOverdue(auctionId)) return 'an auction is overdue'
    }
    return undefined
  }
  for (;;) {
    await sleep(clock, lookEveryMs, signal).catch(() => undefined)
    if (signal.aborted) break
    const leader = election.current()
    if (leader === undefined || leader.nodeId === deps.nodeId) continue
    if (store.session.state !== 'serving') continue
    try {
      const why = await whyStuck()
      if (why === undefined) continue
      log.warn({ leader: leader.nodeId, term: leader.term.toString(), why }, 'deposes the leader')
      await election.depose(leader.term)
    } catch (error) {
      log.debug({ error: asError(error).message }, 'the leader is judged later')
    }
  }
  stopListening.forEach((stop) => stop())
}
