import { createBackoff } from '../../lib/backoff.ts'
import { type Clock, asError, sleep } from '../../lib/clock.ts'
import { createDeferred, type Deferred } from '../../lib/deferred.ts'
import type { Entropy } from '../../lib/entropy.ts'
import type { Log } from '../../lib/log.ts'
import { Mailbox } from '../../lib/mailbox.ts'
import type { Metrics } from '../../lib/metrics.ts'
import { OutcomeUnknown, Suspended } from '../errors.ts'
import type { Commit, CommitResult } from '../store.ts'

/** Commits that wait for the sync under way; the next one is refused as Suspended. */
export const waitingCommitsMax = 10_000
/** Of one sync: enough to fill a disk's pipe, little enough to decide in a few milliseconds. */
export const groupCommitsMax = 256
const groupBytesMax = 1024 * 1024

export interface Decided {
  readonly results: readonly (CommitResult | Error)[]
  /** Syncs what was decided; rejects when it may or may not be on disk. */
  save(): Promise<void>
  /** Makes it visible. */
  publish(): void
}

/**
 * One group of commits at a time: decide, sync, publish, answer. Commits that come meanwhile make the next group, so a busy
 * store pays one sync for many. Refusals wait for the sync too: what they were decided on must not be known before.
 */
export interface GroupCommit {
  readonly isServing: boolean
  /** The last write failed for want of room. */
  readonly isFull: boolean
  submit(commit: Commit): Promise<CommitResult>
  /** Refuses what waits and lets the group under way finish. */
  close(): Promise<void>
}

export interface GroupCommitDeps {
  clock: Clock
  entropy: Entropy
  log: Log
  metrics: Metrics
  decide: (commits: readonly Commit[]) => Decided
  /** Tries whether the disk takes writes again; rejects while it does not. */
  repair: () => Promise<void>
  /** A sync that takes longer suspends the store. */
  stallMs: number
  onChange: (isServing: boolean) => void
}

interface Waiting {
  readonly commit: Commit
  readonly answer: Deferred<CommitResult>
}

export function createGroupCommit(deps: GroupCommitDeps): GroupCommit {
  const waiting = new Mailbox<Waiting>({ capacity: waitingCommitsMax })
  const closing = new AbortController()
  let isServing = true
  let isFull = false
  let running: Promise<void> | undefined

  const serve = (serves: boolean) => {
    if (isServing === serves) return
    isServing = serves
    if (!serves) for (const { answer } of waiting.drain()) answer.reject(new Suspended())
    deps.onChange(serves)
  }
  const run = async () => {
    await Promise.resolve() // whoever asks in the same turn shares the first sync
    while (waiting.size > 0) {
      const group = takeGroup(waiting)
      try {
        await carryOut(deps, group, () => serve(false))
        serve(true)
      } catch (error) {
        deps.log.error({ error: asError(error).message }, 'the store’s disk failed a write')
        isFull = isNoRoom(error)
        serve(false)
        for (const { answer } of group)
          answer.reject(new OutcomeUnknown(undefined, { cause: error }))
        await repairUntil(deps, closing.signal)
        isFull = false
        if (!closing.signal.aborted) serve(true)
      }
    }
    running = undefined
  }
  return {
    get isServing() {
      return isServing && !closing.signal.aborted
    },
    get isFull() {
      return isFull
    },
    submit(commit) {
      if (!isServing || closing.signal.aborted) return Promise.reject(new Suspended())
      const answer = createDeferred<CommitResult>()
      if (!waiting.offer({ commit, answer })) {
        return Promise.reject(new Suspended(`${waitingCommitsMax} commits wait already`))
      }
      running ??= run()
      return answer.promise
    },
    async close() {
      closing.abort()
      for (const { answer } of waiting.drain()) answer.reject(new Suspended('the store is closed'))
      await running
    },
  }
}

/** The disk has no room left, or lmdb's map: its number, the system's name, or the words of either. */
function isNoRoom(error: unknown): boolean {
  const { code, message } = asError(error) as Error & { code?: unknown }
  return (
    code === 'ENOSPC' || code === 28 || code === -30792 || /no space left|MAP_FULL/i.test(message)
  )
}

function takeGroup(waiting: Mailbox<Waiting>): Waiting[] {
  const group: Waiting[] = []
  let byteCount = 0
  while (group.length < groupCommitsMax && byteCount < groupBytesMax) {
    const next = waiting.take()
    if (next === undefined) break
    group.push(next)
    for (const write of next.commit.writes) {
      if (write.kind !== 'delete') byteCount += write.value.byteLength
    }
  }
  return group
}

/** When the sync takes too long its callers are told that nobody knows, and all of them may still succeed. */
async function carryOut(deps: GroupCommitDeps, group: readonly Waiting[], onStall: () => void) {
  const { clock, metrics } = deps
  const startMs = clock.monotonicMs()
  const decided = deps.decide(group.map(({ commit }) => commit))
  const stall = clock.setTimer(deps.stallMs, () => {
    deps.log.warn({ stallMs: deps.stallMs }, 'the store’s disk does not answer')
    for (const { answer } of group) answer.reject(new OutcomeUnknown())
    onStall()
  })
  try {
    await decided.save()
  } finally {
    stall.cancel()
  }
  decided.publish()
  for (const [index, { answer }] of group.entries()) {
    const result = decided.results[index]
    if (result === undefined || result instanceof Error) {
      answer.reject(result ?? new Error('assertion failed: not decided'))
    } else answer.resolve(result)
  }
  metrics.observe('store_sync_seconds', (clock.monotonicMs() - startMs) / 1_000)
  metrics.count('store_group_commits', {}, group.length)
}

async function repairUntil(deps: GroupCommitDeps, signal: AbortSignal): Promise<void> {
  const backoff = createBackoff({ minMs: 50, maxMs: 5_000, entropy: deps.entropy })
  while (!signal.aborted) {
    try {
      await deps.repair()
      deps.log.info({}, 'the store’s disk takes writes again')
      return
    } catch (error) {
      deps.log.warn({ error: asError(error).message }, 'the store’s disk still fails')
    }
    await sleep(deps.clock, backoff.nextMs(), signal).catch(() => undefined) // closing
  }
}
