import type { Clock } from '../../lib/clock.ts'
import { createGrowingCache } from '../../lib/growing-cache.ts'
import type { GuestSession } from '../engine.ts'

/** What this node knows of sessions without asking the store again. */
export interface Beliefs {
  /** Rises when everything is forgotten: what was learnt before counts no more. */
  readonly generation: number
  /** Whether anything is believed, so that following the changes is worth a read. */
  readonly isEmpty: boolean
  get(tokenHash: string): GuestSession | undefined
  set(tokenHash: string, session: GuestSession): void
  delete(tokenHash: string): void
  hasEnded(sessionId: string): boolean
  /** Never believed again, whatever a read that began before still brings. */
  ended(sessionIds: readonly string[]): void
  forgetAll(): void
}

/** Then a token is looked up in the store again, though nothing was heard of its session. */
const believedMs = 5 * 60_000
/** Beyond it the token that was used longest ago is looked up again. */
const believedMax = 50_000
/** Longer than a belief, and than a read may be under way. */
const endedMs = 2 * believedMs
/** Beyond it everything is forgotten, ended sessions and beliefs alike. */
const endedMax = 50_000

export function createBeliefs(clock: Clock): Beliefs {
  const known = createGrowingCache<{ session: GuestSession; untilMs: number }>(believedMax)
  /** By session, until when; oldest first. */
  const gone = new Map<string, number>()
  let generation = 0
  const forgetAll = () => {
    generation++
    known.clear()
    gone.clear()
  }
  const prune = () => {
    const nowMs = clock.monotonicMs()
    for (const [id, untilMs] of gone) {
      if (untilMs > nowMs) return
      gone.delete(id)
    }
  }
  return {
    get generation() {
      return generation
    },
    get isEmpty() {
      return known.size === 0
    },
    get(tokenHash) {
      const belief = known.get(tokenHash)
      if (belief === undefined) return undefined
      const stands = belief.untilMs > clock.monotonicMs() && !gone.has(belief.session.id)
      if (stands) return belief.session
      known.delete(tokenHash)
      return undefined
    },
    set: (tokenHash, session) =>
      void known.set(tokenHash, { session, untilMs: clock.monotonicMs() + believedMs }),
    delete: (tokenHash) => void known.delete(tokenHash),
    hasEnded: (sessionId) => gone.has(sessionId),
    ended(sessionIds) {
      prune()
      if (gone.size + sessionIds.length > endedMax) forgetAll()
      for (const id of sessionIds) gone.set(id, clock.monotonicMs() + endedMs)
    },
    forgetAll,
  }
}
