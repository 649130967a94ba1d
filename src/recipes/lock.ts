/**
 * A fair lock per directory: first come, first served, across nodes. It makes bidding orderly and fast; it does not make it
 * safe. Between two lines of the holder's code the lock may be gone: whoever writes under it puts `guard` into the commit.
 *
 * Sticky: a holder keeps the lock until `wanted` fires. A holder that does not move may be revoked (patience.ts).
 */
import { assert } from '../lib/assert.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Guard, Key, Store, Write } from '../store/store.ts'
import { type Contender, type ContenderDeps, ContenderGone, enqueue, leave } from './contender.ts'
import { contenderValue, nodeIdIn } from './contender-value.ts'
import {
  commitTimesFactor,
  createPatience,
  type PatienceDeps,
  noMemory,
  type WaitingMemory,
} from './patience.ts'
import { placesOf, standingOf } from './queue.ts'
import { beginTenure } from './tenure.ts'
import { awaitTurn, type Turn } from './turn.ts'

export interface LockDeps extends ContenderDeps, PatienceDeps {
  metrics: Metrics
  nodeId: string
}

export interface AcquireOptions {
  signal: AbortSignal
  /** The place of what the lock guards, read fresh: equal answers mean no progress. Asked only by who waits for long. */
  progress: () => Promise<string>
  /** The same as far as this node knows it already: it may be old, but it was true. */
  knownProgress?: () => string
  /** How long our own commits took lately, in milliseconds; 0 when unknown. */
  commitMs: () => number
}

export interface Lock {
  readonly dir: Key
  readonly guard: Guard
  /** Greater than that of every earlier holder of this directory. */
  readonly fencingToken: bigint
  /** Aborts when our session is lost or our key was found deleted. Comes late or not at all to a frozen process. */
  readonly lost: AbortSignal
  /** Aborts when somebody waits behind us. */
  readonly wanted: AbortSignal
  /**
   * Gives the lock up within a commit of the holder's own, in place of `release`: whoever waits is spared a commit. `landed` is
   * to be called once that commit has. Absent where only `release` is thorough enough.
   */
  readonly farewell?: { readonly write: Write; landed(): void }
  /** Resolves when the key is gone, or its deletion goes on in the background. Never throws; again is harmless. */
  release(): Promise<void>
}

export interface Locks {
  /**
   * Waits for our turn, through suspensions of the store too: the signal is the way out. One acquire per directory at a time: a
   * node queues its bidders itself (asserted).
   * @throws Suspended or OutcomeUnknown (no place in the queue; nothing of ours is left there), SessionLost, ContenderGone
   * (revoked again and again), or the signal's reason
   */
  acquire(dir: Key, options: AcquireOptions): Promise<Lock>
}

const relookMs = 10_000
const requeuesMax = 10

export function createLocks(deps: LockDeps): Locks {
  const memory = noMemory()
  const acquiring = new Set<Key>()
  return {
    async acquire(dir, options) {
      assert(!acquiring.has(dir), `one acquire of ${dir} at a time`)
      acquiring.add(dir)
      try {
        return await acquire(deps, dir, memory, options)
      } finally {
        acquiring.delete(dir)
      }
    },
  }
}

/** Who holds (first) and who waits, in order; for a page about the cluster. Keys that vanish meanwhile are left out. */
export async function readQueue(
  store: Store,
  dir: Key,
): Promise<{ nodeId: string; revision: bigint }[]> {
  const places = await placesOf(store, dir)
  const rows = await Promise.all(
    places.map(async ({ key, revision }) => {
      const entry = await store.get(key)
      return entry === undefined ? [] : [{ nodeId: nodeIdIn(entry.value), revision }]
    }),
  )
  return rows.flat()
}

async function acquire(
  deps: LockDeps,
  dir: Key,
  memory: WaitingMemory,
  options: AcquireOptions,
): Promise<Lock> {
  for (let attempt = 1; ; attempt++) {
    const startedAtMs = deps.clock.monotonicMs()
    const value = contenderValue(deps.nodeId, deps.clock)
    const contender = await enqueue(deps, dir, value, options)
    // The newest commit time that we know of; a lost reply must not make us patient beyond the session timeout.
    const enqueueMs = Math.min(
      deps.clock.monotonicMs() - startedAtMs,
      deps.sessionTimeoutMs / commitTimesFactor,
    )
    const rule = createPatience(deps, contender, memory, {
      progress: options.progress,
      knownProgress: options.knownProgress,
      commitMs: () => Math.max(enqueueMs, options.commitMs()),
    })
    try {
      const turn = await awaitTurn(deps, contender, { signal: options.signal, rule })
      if (turn.hadToWait) deps.metrics.count('lock_handovers_total')
      return holdLock(deps, contender, turn)
    } catch (error) {
      void leave(deps, contender)
      if (!(error instanceof ContenderGone) || attempt >= requeuesMax) throw error
      deps.log.info({ dir, attempt }, 'our place in the queue was taken away; queueing again')
    }
  }
}

function holdLock(deps: LockDeps, contender: Contender, turn: Turn): Lock {
  const { dir, key, guard, revision } = contender
  const wanted = new AbortController()
  if (turn.isWanted) wanted.abort()
  const look = async (lose: (reason: Error) => void) => {
    const standing = await standingOf(deps.store, dir, key)
    if (standing.kind === 'gone') lose(new ContenderGone(key))
    if (standing.kind === 'first' && standing.isWanted) wanted.abort()
  }
  const tenure = beginTenure(deps, contender, { dir }, { relookMs, look })
  return {
    dir,
    guard,
    fencingToken: revision,
    lost: tenure.lost,
    wanted: wanted.signal,
    // A create whose outcome is not known may land late: then the key has to be looked after.
    ...(!contender.isUncertain && {
      farewell: { write: { kind: 'delete', key }, landed: () => tenure.isOver() },
    }),
    release: () => tenure.end(),
  }
}
