import { asError, type Clock, type Timer } from '../lib/clock.ts'
import { createDoorbell, type Doorbell } from '../lib/doorbell.ts'
import type { Log } from '../lib/log.ts'
import { SessionLost } from '../store/errors.ts'
import type { Key, Store } from '../store/store.ts'
import { type Contender, ContenderGone, isPassing } from './contender.ts'
import { ringFromWatch } from './lookout.ts'
import { type Standing, standingOf } from './queue.ts'

export type Waiting = Extract<Standing, { kind: 'waiting' }>

export interface Turn {
  /** Whether somebody stood before us when we came. */
  readonly hadToWait: boolean
  /** Whether somebody stands behind us already. */
  readonly isWanted: boolean
}

/** What a waiter does besides waiting. */
export interface WaitingRule {
  /** Called at every look; answers how long until the next one if nothing rings (0: at once). May fail as the store does. */
  consider(standing: Waiting): Promise<number>
  /** What was observed until now proves nothing any more: the store was not serving. */
  restart(): void
}

const relookMs = 5_000
const retryMs = 250

/** Waits, and nothing else. */
export const patientRule: WaitingRule = {
  consider: async () => relookMs,
  restart: () => undefined,
}

/**
 * Resolves when the contender is first of its queue. It watches only the key before it, so that one leaving wakes one.
 * Through a suspension it waits. It never deletes the contender's key: after an error that is the caller's to do.
 * @throws ContenderGone, SessionLost, or the signal's reason
 */
export async function awaitTurn(
  deps: { store: Store; clock: Clock; log: Log },
  contender: Contender,
  options: { signal: AbortSignal; rule: WaitingRule },
): Promise<Turn> {
  const { signal, rule } = options
  const bell = createDoorbell()
  const predecessor = watchedKey(deps, bell)
  const ring = () => bell.ring()
  const { lost } = contender.session
  signal.addEventListener('abort', ring, { once: true })
  const stopListening = deps.store.onSessionChange(() => {
    rule.restart()
    ring()
  })
  let timer: Timer | undefined
  let hadToWait = false
  try {
    ring()
    for await (const _ of bell) {
      timer?.cancel()
      signal.throwIfAborted()
      if (isOver(lost)) throw new SessionLost()
      const seen = await look(deps, contender, rule)
      if (isOver(lost)) throw new SessionLost()
      if (seen.kind === 'gone') throw new ContenderGone(contender.key)
      if (seen.kind === 'first') return { hadToWait, isWanted: seen.isWanted }
      if (seen.kind === 'waiting') hadToWait = true
      if (seen.kind === 'waiting') predecessor.watch(seen.predecessorKey)
      timer = deps.clock.setTimer(seen.nextLookMs, ring)
    }
    throw new Error('unreachable: the bell is never closed')
  } finally {
    timer?.cancel()
    predecessor.stop()
    stopListening()
    signal.removeEventListener('abort', ring)
  }
}

type Seen =
  | Exclude<Standing, { kind: 'waiting' }>
  | { kind: 'waiting'; predecessorKey: Key; nextLookMs: number }
  | { kind: 'unseen'; nextLookMs: number }

async function look(
  deps: { store: Store; log: Log },
  { dir, key }: Contender,
  rule: WaitingRule,
): Promise<Seen> {
  try {
    const standing = await standingOf(deps.store, dir, key)
    if (standing.kind !== 'waiting') return standing
    const nextLookMs = await rule.consider(standing)
    return { kind: 'waiting', predecessorKey: standing.predecessor.key, nextLookMs }
  } catch (error) {
    if (!isPassing(error)) throw error
    deps.log.debug({ key, error: asError(error).message }, 'a waiter could not look; will again')
    rule.restart()
    return { kind: 'unseen', nextLookMs: retryMs }
  }
}

/** One watch at a time, on a key that changes. */
function watchedKey(deps: { store: Store; log: Log }, bell: Doorbell) {
  let watched: { key: Key; controller: AbortController } | undefined
  const stop = () => watched?.controller.abort()
  return {
    watch(key: Key) {
      if (watched?.key === key) return
      stop()
      const controller = new AbortController()
      watched = { key, controller }
      void ringFromWatch(deps, { key }, bell, controller.signal)
    },
    stop,
  }
}

function isOver(lost: AbortSignal): boolean {
  return lost.aborted
}
