import { asError, type Clock, type Timer } from '../lib/clock.ts'
import { createDoorbell, type Doorbell } from '../lib/doorbell.ts'
import type { Log } from '../lib/log.ts'
import type { Store, WatchTarget } from '../store/store.ts'

export interface LookoutDeps {
  store: Store
  clock: Clock
  log: Log
}

const retryMs = 250

/**
 * Calls `look` whenever the target may have changed: once at the start, after each ring of its watch, after each change of
 * the session, every `relookMs`, and again soon after a look that failed. One look at a time; rings meanwhile merge into
 * the next. Resolves when `signal` aborts. Never throws.
 */
export async function keepLookout(
  deps: LookoutDeps,
  target: WatchTarget,
  options: { signal: AbortSignal; relookMs: number },
  look: () => Promise<void>,
): Promise<void> {
  const { signal, relookMs } = options
  if (signal.aborted) return
  const bell = createDoorbell(signal)
  const stopListening = deps.store.onSessionChange(() => bell.ring())
  void ringFromWatch(deps, target, bell, signal)
  bell.ring()
  let timer: Timer | undefined
  for await (const _ of bell) {
    timer?.cancel()
    let nextMs = relookMs
    try {
      await look()
    } catch (error) {
      deps.log.debug({ target, error: asError(error).message }, 'could not look; will again')
      nextMs = Math.min(relookMs, retryMs)
    }
    if (!isAborted(signal)) timer = deps.clock.setTimer(nextMs, () => bell.ring())
  }
  timer?.cancel()
  stopListening()
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
