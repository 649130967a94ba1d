import { signal, type ReadonlySignal } from '@preact/signals'
import { asError, sleep, type Clock } from '../../../src/lib/clock.ts'

/** Something that is fetched again and again. After a failure the last value stays, beside the error. */
export interface Loaded<T> {
  readonly value: T | undefined
  readonly error: Error | undefined
}

export interface Refreshed<T> {
  readonly loaded: ReadonlySignal<Loaded<T>>
  /** Fetches at once; the round that is under way is forgotten. */
  refresh(): void
  stop(): void
}

/** Fetches now and then `everyMs` after each answer, until stopped. */
export function keepFresh<T>(
  fetch: () => Promise<T>,
  options: { clock: Clock; everyMs: number },
): Refreshed<T> {
  const loaded = signal<Loaded<T>>({ value: undefined, error: undefined })
  let round = new AbortController()

  const run = async (ended: AbortSignal) => {
    const isCurrent = () => !ended.aborted
    while (isCurrent()) {
      try {
        const value = await fetch()
        if (isCurrent()) loaded.value = { value, error: undefined }
      } catch (thrown) {
        if (isCurrent()) loaded.value = { value: loaded.value.value, error: asError(thrown) }
      }
      await sleep(options.clock, options.everyMs, ended).catch(() => undefined)
    }
  }
  void run(round.signal)
  return {
    loaded,
    refresh() {
      round.abort()
      round = new AbortController()
      void run(round.signal)
    },
    stop: () => round.abort(),
  }
}
