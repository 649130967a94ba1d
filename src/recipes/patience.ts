import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { Key, Store } from '../store/store.ts'
import type { Contender } from './contender.ts'
import type { WaitingRule } from './turn.ts'

export interface PatienceDeps {
  store: Store
  clock: Clock
  log: Log
  metrics: Metrics
  lockPatienceMs: number
  sessionTimeoutMs: number
}

/** What a node remembers of its revocations, per directory, until it sees progress there. */
export type RevocationMemory = Map<Key, { count: number; progress: string }>

const rememberedMax = 1_000
/** Before it asks for the progress a waiter lets this much go by: most waits end sooner, and then asking was for nothing. */
const firstSampleMs = 100
/** A holder may take so many commit times before it counts as stuck. */
export const commitTimesFactor = 5

interface Observation {
  readonly holderKey: Key
  readonly sinceMs: number
  sample: { readonly progress: string; readonly atMs: number } | undefined
  /** When the next look is due; one much later means that we were frozen ourselves. */
  dueAtMs: number
}

/**
 * When a waiter takes the key of a holder away. The holder is given `max(lockPatienceMs, 5 x own commit time)` without any
 * progress of what it guards, from when we saw it become holder; twice as long after each revocation that brought no progress,
 * up to the session timeout. The waiter right behind the holder acts; the n-th behind it acts after n times as long, in case
 * those between are frozen too.
 *
 * Nothing counts that was observed across a suspension of the store or a pause of our own process. A healthy holder may
 * still be revoked (its store connection may be slower than ours): it then loses its turn, never its safety.
 */
export function createPatience(
  deps: PatienceDeps,
  contender: Contender,
  memory: RevocationMemory,
  options: { progress: () => Promise<string>; commitMs: () => number },
): WaitingRule {
  const { store, clock } = deps
  const sliceMs = Math.max(1, deps.lockPatienceMs / 2)
  let observation: Observation | undefined
  let epoch = 0

  const allowanceMs = (position: number) => {
    const baseMs = Math.max(deps.lockPatienceMs, commitTimesFactor * options.commitMs())
    const doubledMs = baseMs * 2 ** Math.min(16, memory.get(contender.dir)?.count ?? 0)
    return Math.max(baseMs, Math.min(doubledMs, deps.sessionTimeoutMs)) * position
  }

  /** Undefined when the sample was overtaken by a restart. */
  const sampleProgress = async () => {
    const atMs = clock.monotonicMs()
    const epochBefore = epoch
    const progress = await options.progress()
    if (epoch !== epochBefore) return undefined
    const remembered = memory.get(contender.dir)
    if (remembered !== undefined && remembered.progress !== progress) memory.delete(contender.dir)
    return { progress, atMs }
  }

  const observe = async (current: Observation, position: number): Promise<number> => {
    const nowMs = clock.monotonicMs()
    const sampleDelayMs = Math.min(firstSampleMs, deps.lockPatienceMs / 10)
    if (current.sample === undefined) {
      if (nowMs - current.sinceMs < sampleDelayMs) return sampleDelayMs - (nowMs - current.sinceMs)
      current.sample = await sampleProgress()
      return current.sample === undefined ? 0 : Math.min(sliceMs, allowanceMs(position))
    }
    const leftMs = current.sample.atMs + allowanceMs(position) - nowMs
    if (leftMs > 0) return Math.min(sliceMs, leftMs)
    const { progress: before } = current.sample
    const sample = await sampleProgress()
    if (sample === undefined) return 0
    current.sample = sample
    if (sample.progress !== before) return Math.min(sliceMs, allowanceMs(position))
    await revoke(deps, contender, current.holderKey, memory, before)
    return 0
  }

  return {
    restart() {
      epoch++
      observation = undefined
    },
    async consider({ first, position }) {
      const nowMs = clock.monotonicMs()
      const wasFrozen = observation !== undefined && nowMs > observation.dueAtMs + sliceMs
      if (observation?.holderKey !== first.key || wasFrozen || store.session.state !== 'serving') {
        observation = { holderKey: first.key, sinceMs: nowMs, sample: undefined, dueAtMs: nowMs }
      }
      const current = observation
      const nextLookMs = await observe(current, position)
      current.dueAtMs = clock.monotonicMs() + nextLookMs
      return nextLookMs
    },
  }
}

/** Deletes the holder's key, if we still stand in the queue ourselves. A refusal means that the queue moved by itself. */
async function revoke(
  { store, log, metrics }: PatienceDeps,
  contender: Contender,
  holderKey: Key,
  memory: RevocationMemory,
  progress: string,
): Promise<void> {
  if (store.session.state !== 'serving') return
  const result = await store.commit({
    guards: [contender.guard],
    writes: [{ kind: 'delete', key: holderKey }],
  })
  if (!result.ok) return
  const count = (memory.get(contender.dir)?.count ?? 0) + 1
  memory.delete(contender.dir)
  memory.set(contender.dir, { count, progress })
  for (const dir of memory.keys()) {
    if (memory.size <= rememberedMax) break
    memory.delete(dir)
  }
  metrics.count('lock_revocations_total')
  log.warn({ dir: contender.dir, holderKey, count }, 'took a lock from a holder without progress')
}
