import { SessionLost } from '../store/errors.ts'
import type { WatchTarget } from '../store/store.ts'
import { type Contender, type ContenderDeps, leave } from './contender.ts'
import { keepLookout } from './lookout.ts'

/** The time at the head of a queue, until it is given up or lost. */
export interface Tenure {
  /** Aborts when our session is lost or `look` found out otherwise; not after `end`. */
  readonly lost: AbortSignal
  /** Gives the place up. Resolves when the key is gone, or its deletion goes on in the background. Never throws. */
  end(): Promise<void>
  /** The place is given up already, by a commit of the holder's own. */
  isOver(): void
}

/** Watches over a place at the head: `look` runs at each sign of change of `target` and calls `lose` if the place is gone. */
export function beginTenure(
  deps: ContenderDeps,
  contender: Contender,
  target: WatchTarget,
  options: { relookMs: number; look: (lose: (reason: Error) => void) => Promise<void> },
): Tenure {
  const { key, session } = contender
  const lost = new AbortController()
  const over = new AbortController()
  // Not by a listener on `session.lost`: a node holds hundreds of locks, and Node warns of so many.
  const checkSession = () => {
    if (session.lost.aborted) lose(new SessionLost())
  }
  const stopListening = deps.store.onSessionChange(checkSession)
  const stop = () => {
    over.abort()
    stopListening()
  }
  const lose = (reason: Error) => {
    if (over.signal.aborted) return
    stop()
    deps.log.warn({ key, reason: reason.message }, 'the head of a queue was lost')
    lost.abort(reason)
  }
  checkSession()
  const lookout = { signal: over.signal, relookMs: options.relookMs, isLookedAt: true }
  void keepLookout(deps, target, lookout, () => options.look(lose))
  return {
    lost: lost.signal,
    async end() {
      stop()
      await leave(deps, contender)
    },
    isOver: stop,
  }
}
