import { asError, type Clock, type Timer } from '../lib/clock.ts'
import { createDoorbell, type Doorbell } from '../lib/doorbell.ts'
import type { Log } from '../lib/log.ts'
import { isPassing } from './contender.ts'
import type { Store, WatchTarget } from '../store/store.ts'

export interface LookoutDeps {
  store: Store
  clock: Clock
  log: Log
}

export interface LookoutOptions {
  signal: AbortSignal
  relookMs: number
  /** The caller has just looked: the first look is the one that the watch asks for, once it is armed. */
  isLookedAt?: boolean
  /** For a caller that has reasons of its own to look again; closed by the same signal. */
  bell?: Doorbell
}

const retryMs = 250

/**
 * Calls `look` whenever the target may have changed: at the start, after each ring of its watch, after each change of
 * the session, every `relookMs`, and again soon after a look that failed. One look at a time; rings meanwhile merge into
 * the next. Resolves when `signal` aborts. Never throws.
 */
export async function keepLookout(
  deps: LookoutDeps,
  target: WatchTarget,
  options: LookoutOptions,
  look: () => Promise<void>,
): Promise<void> {
  const { signal, relookMs, bell = createDoorbell(signal) } = options
  if (signal.aborted) return
  const stopListening = deps.store.onSessionChange(() => bell.ring())
  void ringFromWatch(deps, target, bell, signal)
  const ringLater = (delayMs: number) => deps.clock.setTimer(delayMs, () => bell.ring())
  let timer: Timer | undefined
  if (options.isLookedAt === true) timer = ringLater(relookMs)
  else bell.ring()
  for await (const _ of bell) {
    timer?.cancel()
    let nextMs = relookMs
    try {
      await look()
    } catch (error) {
      const fields = { target, error: asError(error).message }
      if (isPassing(error)) deps.log.debug(fields, 'could not look; will again')
      else deps.log.warn(fields, 'could not look; will again')
      nextMs = Math.min(relookMs, retryMs)
    }
    if (!isAborted(signal)) timer = ringLater(nextMs)
  }
  timer?.cancel()
  stopListening()
}

/** Keeps a lookout in the background. Resolves after the first look that succeeded, or when the signal aborts. */
export function startLookout(
  deps: LookoutDeps,
  target: WatchTarget,
  options: LookoutOptions,
  look: () => Promise<void>,
): Promise<void> {
  return new Promise((resolve) => {
    const lookAndTell = async () => {
      await look()
      resolve()
    }
    void keepLookout(deps, target, options, lookAndTell).then(resolve)
  })
}

/** Rings the bell for each ring of the watch until the signal aborts. */
export async function ringFromWatch(
  deps: { store: Store; log: Log },
  target: WatchTarget,
  bell: Doorbell,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const _ of deps.store.watch(target, { signal })) bell.ring()
  } catch (error) {
    // Whoever listens also looks at intervals, so a broken watch costs time, not truth.
    deps.log.warn({ target, error: asError(error).message }, 'a watch ended with an error')
  }
}

function isAborted(signal: AbortSignal): boolean {
  return signal.aborted
}
