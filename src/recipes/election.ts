/**
 * One leader at a time, as far as anybody can know: the first of a contender queue. Its `term` is greater than that of every
 * leader before it. Not promised: that a leader knows when it ceased to be one. So `guard` rides on every commit of a leader.
 */
import type { Metrics } from '../lib/metrics.ts'
import type { Guard, Key } from '../store/store.ts'
import { type Contender, type ContenderDeps, ContenderGone, enqueue, leave } from './contender.ts'
import { contenderValue, nodeIdIn } from './contender-value.ts'
import { startLookout } from './lookout.ts'
import { placesOf } from './queue.ts'
import { beginTenure } from './tenure.ts'
import { awaitTurn, patientRule } from './turn.ts'

export interface ElectionDeps extends ContenderDeps {
  metrics: Metrics
  nodeId: string
  /** Where the candidates queue, for example `leader`. */
  dir: Key
}

export interface Leader {
  readonly nodeId: string
  readonly term: bigint
}

export interface Leadership {
  readonly guard: Guard
  readonly term: bigint
  /** Aborts when our session is lost or our key was found deleted (deposed). */
  readonly lost: AbortSignal
  /** Makes room for the next. Resolves when the key is gone, or its deletion goes on in the background. Never throws. */
  resign(): Promise<void>
}

export interface Election {
  /**
   * Resolves once we lead. By then we may have lost it again: pass `guard` to every write. One campaign at a time.
   * @throws Suspended or OutcomeUnknown (no place in the queue), SessionLost, ContenderGone (deposed before it led; campaign
   * again), or the signal's reason
   */
  campaign(signal: AbortSignal): Promise<Leadership>
  /** Keeps `current` fresh until the signal aborts. Resolves after the first look. */
  observe(signal: AbortSignal): Promise<void>
  /** The leader as last seen; undefined before `observe` and while there is none. */
  current(): Leader | undefined
  /** Told after each change of `current`. Returns the way to stop listening. */
  onChange(listener: (leader: Leader | undefined) => void): () => void
  /**
   * Takes the leadership of that term away, for a leader that lives but does not lead. True when this call did it, false when
   * it no longer led. A candidate that waits is not touched.
   * @throws Suspended, OutcomeUnknown
   */
  depose(term: bigint): Promise<boolean>
}

const relookMs = 5_000

export function createElection(deps: ElectionDeps): Election {
  const { store, dir, log } = deps
  const listeners = new Set<(leader: Leader | undefined) => void>()
  let leader: Leader | undefined
  const look = async () => {
    const [first] = await placesOf(store, dir)
    if (first?.revision === leader?.term) return
    const entry = first && (await store.get(first.key))
    // Gone meanwhile: the watch has rung again, or will.
    if (first !== undefined && entry === undefined) return
    leader = first && entry && { nodeId: nodeIdIn(entry.value), term: first.revision }
    for (const listener of listeners) listener(leader)
  }
  return {
    async campaign(signal) {
      const value = contenderValue(deps.nodeId, deps.clock)
      const contender = await enqueue(deps, dir, value, { signal })
      try {
        await awaitTurn(deps, contender, { signal, rule: patientRule })
        log.info({ dir, term: contender.revision.toString() }, 'leading')
        return lead(deps, contender)
      } catch (error) {
        void leave(deps, contender)
        throw error
      }
    },
    observe: (signal) => startLookout(deps, { dir }, { signal, relookMs }, look),
    current: () => leader,
    onChange(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    async depose(term) {
      const [first] = await placesOf(store, dir)
      if (first?.revision !== term) return false
      const { ok } = await store.commit({
        guards: [],
        writes: [{ kind: 'delete', key: first.key }],
      })
      if (ok) log.warn({ dir, term: term.toString() }, 'deposed a leader that does not lead')
      return ok
    },
  }
}

function lead(deps: ElectionDeps, contender: Contender): Leadership {
  const { store } = deps
  const { key, guard, revision } = contender
  const look = async (lose: (reason: Error) => void) => {
    if ((await store.get(key)) !== undefined) return
    if ((await store.get(key, { fresh: true })) === undefined) lose(new ContenderGone(key))
  }
  const tenure = beginTenure(deps, contender, { key }, { relookMs, look })
  return { guard, term: revision, lost: tenure.lost, resign: () => tenure.end() }
}
