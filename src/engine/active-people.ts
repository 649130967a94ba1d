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
const gatherMs = 1_000
const togetherMax = 32

export function createActivePeople(deps: { store: Store; clock: Clock; log: Log }): ActivePeople {
  const { store, clock, log } = deps
  const marked = createGrowingCache<object>(markedMax)
  const waiting = new Set<string>()
  const closing = new AbortController()
  let work: Promise<void> | undefined

  const mark = async (people: readonly string[]): Promise<boolean> => {
    const value = encodeJson({ schema: 1, at: clock.wallMs() })
    const writes = people.map((personId) => {
      return { kind: 'create', key: keys.active(personHash(personId)), value } as const
    })
    return (await store.commit({ guards: [], writes })).ok
  }
  const markAll = async () => {
    while (waiting.size > 0) {
      // Gathers who comes meanwhile, and lets a store rest that failed.
      await sleep(clock, gatherMs, closing.signal).catch(() => undefined)
      if (closing.signal.aborted) break
      const some = [...waiting].slice(0, togetherMax)
      try {
        // Refused: one is there already; then each goes alone, and a refusal says the same of it.
        if (!(await mark(some))) for (const personId of some) await mark([personId])
        for (const personId of some) {
          marked.set(personId, {})
          waiting.delete(personId)
        }
      } catch (error) {
        log.debug({ error: asError(error).message }, 'people are marked later')
      }
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
