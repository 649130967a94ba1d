import { must } from '../lib/assert.ts'
import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Key, Store } from '../store/store.ts'
import { type Contender, sessionIdOf } from './contender.ts'
import type { WaitingRule } from './turn.ts'

export interface PatienceDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  lockPatienceMs: number
  sessionTimeoutMs: number
  /** Told after a revocation: of which queue, and whose session it was. */
  onRevoked?: (dir: Key, sessionId: string) => void
}

/** What the waiters of one node remember between them. */
export interface WaitingMemory {
  /** Of its revocations, per directory, until it sees progress there. */
  readonly revocations: Map<Key, { count: number; progress: string }>
  /** How long the node's latest commits took, as each of its waiters knew it when it came; newest last. */
  commitTimesMs: readonly number[]
}

export const noMemory = (): WaitingMemory => ({ revocations: new Map(), commitTimesMs: [] })

const rememberedMax = 1_000
/** Before it asks for the progress a waiter lets this much go by: most waits end sooner, and then asking was for nothing. */
const firstSampleMs = 100
/** Progress is looked for so many times per patience: what it learns late, it learns at most one slice late. */
const slicesPerPatience = 5
/** A holder may take so many commit times before it counts as stuck. */
export const commitTimesFactor = 5
/** The middle one of so many counts, so that one slow commit says nothing, and a slow store is known at the third. */
const commitTimesMax = 5

interface Observation {
  readonly holderKey: Key
  readonly sinceMs: number
  /** What this node had heard of the progress by then, without asking. */
  readonly knownProgress: string | undefined
  /** The newest sample, when it was answered, and when the first one that was equal to it was. */
  sample:
    { readonly progress: string; readonly atMs: number; readonly silentSinceMs: number } | undefined
  /** When the next look is due. */
  dueAtMs: number
  /** The latest look came much later than it was due. */
  wasLate: boolean
}

/**
 * When a waiter takes the key of a holder away. The holder is given `max(lockPatienceMs, 5 x own commit time)` without any
 * progress of what it guards, from when we saw it become holder; twice as long after each revocation that brought no progress,
 * up to the session timeout. The waiter right behind the holder acts; the n-th behind it acts after n times as long, in case
 * those between are frozen too.
 *
 * Progress is seen at samples, a fifth of `lockPatienceMs` apart. It happened somewhere before the sample that shows it, so
 * the count starts again at that sample: a dead holder keeps the lock for its patience and at most one slice more.
 *
 * Nothing counts that was observed across a suspension of the store or a pause of our own process. A healthy holder may
 * still be revoked (its store connection may be slower than ours): it then loses its turn, never its safety.
 */
export function createPatience(
  deps: PatienceDeps,
  contender: Contender,
  memory: WaitingMemory,
  options: {
    progress: () => Promise<string>
    knownProgress?: (() => string) | undefined
    commitMs: () => number
  },
): WaitingRule {
  const { store, clock } = deps
  const sliceMs = Math.max(1, deps.lockPatienceMs / slicesPerPatience)
  const lateMs = Math.max(1, deps.lockPatienceMs / 2)
  const commitMs = rememberCommitMs(memory, options.commitMs())
  let observation: Observation | undefined
  let epoch = 0

  const allowanceMs = (position: number) => {
    const baseMs = Math.max(deps.lockPatienceMs, commitTimesFactor * commitMs)
    const doubledMs = baseMs * 2 ** Math.min(16, memory.revocations.get(contender.dir)?.count ?? 0)
    return Math.max(baseMs, Math.min(doubledMs, deps.sessionTimeoutMs)) * position
  }

  /** Those further behind ask less often: they have more time, and the first is there to act. */
  const sampleDueMs = ({ sample, sinceMs }: Observation, position: number) => {
    if (sample === undefined) return sinceMs + Math.min(firstSampleMs, deps.lockPatienceMs / 10)
    const { atMs, silentSinceMs } = sample
    return Math.min(atMs + sliceMs * position, silentSinceMs + allowanceMs(position))
  }

  /** Undefined when the sample was overtaken by a restart. */
  const sampleProgress = async () => {
    const epochBefore = epoch
    const progress = await options.progress()
    if (epoch !== epochBefore) return undefined
    const remembered = memory.revocations.get(contender.dir)
    if (remembered !== undefined && remembered.progress !== progress)
      memory.revocations.delete(contender.dir)
    return progress
  }

  const observe = async (current: Observation, position: number): Promise<number> => {
    const askedAtMs = clock.monotonicMs()
    const waitMs = sampleDueMs(current, position) - askedAtMs
    if (waitMs > 0) return waitMs
    const progress = await sampleProgress()
    if (progress === undefined) return 0
    const atMs = clock.monotonicMs()
    const silentSinceMs = silentSince(current, progress) ?? atMs
    current.sample = { progress, atMs, silentSinceMs }
    if (askedAtMs < silentSinceMs + allowanceMs(position)) {
      return Math.max(0, sampleDueMs(current, position) - atMs)
    }
    await revoke(deps, contender, current.holderKey, memory, progress)
    return 0
  }

  return {
    restart() {
      epoch++
      observation = undefined
    },
    async consider({ first, position }) {
      const nowMs = clock.monotonicMs()
      const isLate = observation !== undefined && nowMs > observation.dueAtMs + lateMs
      // Late once: we were frozen ourselves. Late again: the store answers slowly, and starting anew each time would never end.
      const wasFrozen = isLate && observation?.wasLate === false
      if (observation?.holderKey !== first.key || wasFrozen || store.session.state !== 'serving') {
        observation = begin(first.key, nowMs, isLate, options.knownProgress?.())
      } else observation.wasLate = isLate
      const current = observation
      const nextLookMs = await observe(current, position)
      current.dueAtMs = clock.monotonicMs() + nextLookMs
      return nextLookMs
    },
  }
}

function begin(
  holderKey: Key,
  nowMs: number,
  wasLate: boolean,
  knownProgress: string | undefined,
): Observation {
  return { holderKey, sinceMs: nowMs, knownProgress, sample: undefined, dueAtMs: nowMs, wasLate }
}

/** Undefined when this progress is new. Nothing is older than what we knew when we began: equal to it is no progress since. */
function silentSince({ sample, sinceMs, knownProgress }: Observation, progress: string) {
  if (sample?.progress === progress) return sample.silentSinceMs
  return sample === undefined && knownProgress === progress ? sinceMs : undefined
}

/** Deletes the holder's key, if we still stand in the queue ourselves. A refusal means that the queue moved by itself. */
async function revoke(
  { store, log, metrics, onRevoked }: PatienceDeps,
  contender: Contender,
  holderKey: Key,
  memory: WaitingMemory,
  progress: string,
): Promise<void> {
  if (store.session.state !== 'serving') return
  const result = await store.commit({
    guards: [contender.guard],
    writes: [{ kind: 'delete', key: holderKey }],
  })
  if (!result.ok) return
  const count = (memory.revocations.get(contender.dir)?.count ?? 0) + 1
  memory.revocations.delete(contender.dir)
  memory.revocations.set(contender.dir, { count, progress })
  for (const dir of memory.revocations.keys()) {
    if (memory.revocations.size <= rememberedMax) break
    memory.revocations.delete(dir)
  }
  metrics.count('lock_revocations_total')
  onRevoked?.(contender.dir, sessionIdOf(holderKey))
  log.warn({ dir: contender.dir, holderKey, count }, 'took a lock from a holder without progress')
}

/** Notes one more commit time of this node; answers the middle one of the latest, of two the smaller. */
function rememberCommitMs(memory: WaitingMemory, newestMs: number): number {
  const latest = [...memory.commitTimesMs, newestMs].slice(-commitTimesMax)
  memory.commitTimesMs = latest
  const sorted = [...latest].sort((a, b) => a - b)
  return must(sorted[Math.floor((sorted.length - 1) / 2)], 'a commit time')
}
