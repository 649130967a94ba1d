import { asError, type Clock, sleep } from '../../lib/clock.ts'
import { createDeferred, type Deferred } from '../../lib/deferred.ts'
import { OperatingError } from '../../lib/errors.ts'
import { OutcomeUnknown } from '../../store/errors.ts'
import type { Key, Store, Write } from '../../store/store.ts'
import { keys } from '../keyspace.ts'
import { decodeChanges, encodeChanges, withEnded } from './change-log.ts'

/** A session that is to end, and the leaves of its tokens that are known. */
export interface Ending {
  readonly sessionId: string
  readonly leaves: readonly Key[]
}

export interface Endings {
  /**
   * Resolves once it is over for good and listed in `changes`, in one commit.
   * @throws Suspended, `overloaded`
   */
  end(ending: Ending): Promise<void>
}

/** Endings of this node are gathered for so long after the commit before. */
const gatherMs = 200
/** Ended in one commit: at most two leaves each, within the port's 64 operations. */
const togetherMax = 24
/** Beyond it an ending is refused as `overloaded`. */
const waitingMax = 2_000
/** Other nodes write the list as well: tries for one commit, then `overloaded`. */
const triesMax = 20

export function createEndings({ store, clock }: { store: Store; clock: Clock }): Endings {
  const waiting: { ending: Ending; done: Deferred<undefined> }[] = []
  let isRunning = false

  const run = async () => {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting.splice(0, togetherMax)
      await endTogether(
        store,
        batch.map(({ ending }) => ending),
      ).then(
        () => batch.forEach(({ done }) => done.resolve(undefined)),
        (error: unknown) => batch.forEach(({ done }) => done.reject(asError(error))),
      )
      if (waiting.length > 0) await sleep(clock, gatherMs)
    }
    isRunning = false
  }
  return {
    async end(ending) {
      if (waiting.length >= waitingMax) throw tooMany()
      const done = createDeferred<undefined>()
      waiting.push({ ending, done })
      if (!isRunning) void run()
      await done.promise
    },
  }
}

function tooMany(): OperatingError {
  return new OperatingError('overloaded', 'too many sessions end at once; try again shortly')
}

async function endTogether(store: Store, endings: readonly Ending[]): Promise<void> {
  const ids = endings.map(({ sessionId }) => sessionId)
  let leaves = [...new Set(endings.flatMap((ending) => ending.leaves))]
  for (let tries = 0; tries < triesMax; tries++) {
    if (tries > 0) leaves = await presentOf(store, leaves)
    const entry = await store.get(keys.changes, { fresh: tries > 0 })
    const value = encodeChanges(withEnded(decodeChanges(entry), ids))
    const key = keys.changes
    const deletes = leaves.map((leaf): Write => ({ kind: 'delete', key: leaf }))
    try {
      const { ok } = await store.commit({
        guards: entry === undefined ? [] : [{ kind: 'unchanged', key, version: entry.version }],
        writes: [{ kind: entry === undefined ? 'create' : 'put', key, value }, ...deletes],
      })
      if (ok) return
    } catch (error) {
      // What is gone then is left out of the next try; to be listed twice harms nobody.
      if (!(error instanceof OutcomeUnknown)) throw error
    }
  }
  throw tooMany()
}

async function presentOf(store: Store, leaves: readonly Key[]): Promise<Key[]> {
  const found = await Promise.all(leaves.map((leaf) => store.get(leaf, { fresh: true })))
  return leaves.filter((_, index) => found[index] !== undefined)
}
