import { asError, type Clock, sleep } from '../../lib/clock.ts'
import type { Log } from '../../lib/log.ts'
import type { Store } from '../../store/store.ts'
import { keys } from '../keyspace.ts'
import { decodeChanges, endedSince } from './change-log.ts'

/** Follows the leaf `changes`. */
export interface ChangeWatch {
  /** False from a break of the store until the leaf was read after it. */
  readonly isCurrent: boolean
  /** Whoever asks meanwhile shares the read. @throws Suspended */
  catchUp(): Promise<void>
  /** Until the signal aborts. */
  run(signal: AbortSignal): Promise<void>
}

export interface ChangeListener {
  onEnded(sessionIds: readonly string[]): void
  /** More was missed than is listed. */
  onMissed(): void
}

/** A ring may be late or lost: then the leaf is read after this. */
const pollMs = 1_000
/** Every so many polls is sure to see what was committed before. */
const freshEvery = 5

export function createChangeWatch(
  deps: { store: Store; clock: Clock; log: Log; isBelieving: () => boolean },
  listener: ChangeListener,
): ChangeWatch {
  const { store, clock, log } = deps
  let seenCount: number | undefined
  let isCurrent = false
  let breakCount = 0
  let catching: Promise<void> | undefined

  const read = async (fresh: boolean) => {
    const changes = decodeChanges(await store.get(keys.changes, { fresh }))
    const seen = seenCount
    if (seen !== undefined && changes.count < seen && !fresh) return
    seenCount = changes.count
    if (changes.count === seen) return
    // What ended before the first read is not known, nor what a restored store counts.
    const isKnown = seen !== undefined && changes.count >= seen
    const ended = isKnown ? endedSince(changes, seen) : undefined
    if (ended === undefined) listener.onMissed()
    else listener.onEnded(ended)
  }
  const catchUpNow = async () => {
    const before = breakCount
    await read(true)
    isCurrent = breakCount === before
  }
  const catchUp = () => (catching ??= catchUpNow().finally(() => (catching = undefined)))
  const quietly = (what: Promise<void>) =>
    what.catch((error: unknown) =>
      log.debug({ error: asError(error).message }, 'the changes are read later'),
    )
  const poll = async (signal: AbortSignal) => {
    for (let round = 1; ; round++) {
      await sleep(clock, pollMs, signal).catch(() => undefined)
      if (signal.aborted) return
      if (store.session.state !== 'serving') continue
      if (!isCurrent) await quietly(catchUp())
      else if (deps.isBelieving()) await quietly(read(round % freshEvery === 0))
    }
  }
  const listen = async (signal: AbortSignal) => {
    for await (const _ of store.watch({ key: keys.changes }, { signal })) await quietly(read(false))
  }
  const onSessionChange = () => {
    if (store.session.state === 'serving') {
      if (!isCurrent) void quietly(catchUp())
      return
    }
    breakCount++
    isCurrent = false
  }
  return {
    get isCurrent() {
      return isCurrent
    },
    catchUp,
    async run(signal) {
      const unlisten = store.onSessionChange(onSessionChange)
      await quietly(catchUp())
      await Promise.all([listen(signal), poll(signal)])
      unlisten()
    },
  }
}
