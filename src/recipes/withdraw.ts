import { createBackoff } from '../lib/backoff.ts'
import { asError, type Clock, sleep } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import type { Key, Session, Store } from '../store/store.ts'

export interface WithdrawDeps {
  store: Store
  clock: Clock
  entropy: Entropy
  log: Log
}

const triesMax = 100
const retryMinMs = 100
const retryMaxMs = 5_000
/** How long a create whose outcome was never learned is feared to land after all. */
const lateLandingMs = 15_000

/**
 * Deletes an ephemeral key of ours. Resolves after the first try; what that leaves undone is tried again in the background
 * until the key is gone or its session is over (which takes it along). Never throws.
 *
 * With `isUncertain` (its create was answered by silence) the key is looked after for `lateLandingMs` more, because the create
 * may land late and would then stand in everybody's way.
 */
export async function withdraw(
  deps: WithdrawDeps,
  mine: { key: Key; session: Session; isUncertain: boolean },
): Promise<void> {
  const startedAtMs = deps.clock.monotonicMs()
  const isGone = await tryDelete(deps, mine.key)
  if (isGone && !mine.isUncertain) return
  void keepTrying(deps, mine, startedAtMs)
}

async function keepTrying(
  deps: WithdrawDeps,
  mine: { key: Key; session: Session; isUncertain: boolean },
  startedAtMs: number,
): Promise<void> {
  const { clock, entropy, log } = deps
  const backoff = createBackoff({ minMs: retryMinMs, maxMs: retryMaxMs, entropy })
  const doneAtMs = mine.isUncertain ? startedAtMs + lateLandingMs : startedAtMs
  for (let attempt = 0; attempt < triesMax; attempt++) {
    await sleep(clock, backoff.nextMs())
    if (mine.session.lost.aborted) return
    const isGone = await tryDelete(deps, mine.key)
    if (isGone && clock.monotonicMs() >= doneAtMs) return
  }
  log.warn({ key: mine.key, triesMax }, 'gave up deleting a key of ours; it goes with its session')
}

/** True when the key is known to be gone. */
async function tryDelete({ store, log }: WithdrawDeps, key: Key): Promise<boolean> {
  try {
    await store.commit({ guards: [], writes: [{ kind: 'delete', key }] })
    return true // deleted now, or refused because it was absent already
  } catch (error) {
    log.debug({ key, error: asError(error).message }, 'a key of ours could not be deleted yet')
    return false
  }
}
