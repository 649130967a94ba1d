import { createHash } from 'node:crypto'
import { asError, type Clock, sleep } from '../lib/clock.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import type { Log } from '../lib/log.ts'
import type { Store } from '../store/store.ts'
import { encodeJson } from './codec.ts'
import { keys } from './keyspace.ts'

/**
 * Marks people who bid or sold, so that the sweep leaves their sessions alone. The mark is written beside the bid's way, once a
 * person and node, and tried until it is there: a node that dies before it is loses the mark, not the bid. What then still
 * protects a session is what the auction's own state tells (sweep.ts): its seller, its leader, its winner.
 */
export interface ActivePeople {
  /** Never waits, never throws. */
  note(personId: string): void
  close(): void
}

/** People known to be marked; beyond it the oldest are marked again, which changes nothing. */
const markedMax = 50_000
/** People who wait for their mark; beyond it the next bid of theirs brings them here again. */
const waitingMax = 10_000
const retryMs = 1_000

export function createActivePeople(deps: { store: Store; clock: Clock; log: Log }): ActivePeople {
  const { store, clock, log } = deps
  const marked = createGrowingCache<object>(markedMax)
  const waiting = new Set<string>()
  const closing = new AbortController()
  let work: Promise<void> | undefined

  const markAll = async () => {
    // What is asked in the same turn comes after the bid that asked.
    await Promise.resolve()
    while (waiting.size > 0 && !closing.signal.aborted) {
      for (const personId of waiting) {
        try {
          const value = encodeJson({ schema: 1, at: clock.wallMs() })
          const key = keys.active(personHash(personId))
          // Refused: it is there.
          await store.commit({ guards: [], writes: [{ kind: 'create', key, value }] })
          marked.set(personId, {})
          waiting.delete(personId)
        } catch (error) {
          log.debug({ personId, error: asError(error).message }, 'a person is marked later')
          break
        }
      }
      if (waiting.size > 0) await sleep(clock, retryMs, closing.signal).catch(() => undefined)
    }
    work = undefined
  }
  return {
    note(personId) {
      if (marked.has(personId) || waiting.size >= waitingMax) return
      waiting.add(personId)
      work ??= markAll()
    },
    close: () => closing.abort(),
  }
}

export function personHash(personId: string): string {
  return createHash('sha256').update(personId).digest('hex')
}
