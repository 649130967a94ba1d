/**
 * The queue under lock and election: each contender creates one ephemeral key in a directory, and the order of their
 * createRevisions is the order of the queue. A name is `<session id>~<unique>`, so it is never used twice, and `present(key)`
 * in a commit proves that exactly this contender still stands.
 *
 * Not promised: that being first lasts. Whoever acts on it puts `guard` into every commit.
 */
import { OperatingError } from '../lib/errors.ts'
import { OutcomeUnknown, SessionLost, Suspended } from '../store/errors.ts'
import { nameOf } from '../store/key.ts'
import type { Guard, Key, Session, Write } from '../store/store.ts'
import { withdraw, type WithdrawDeps } from './withdraw.ts'

export type ContenderDeps = WithdrawDeps

export interface Contender {
  readonly dir: Key
  readonly key: Key
  readonly session: Session
  /** Holds while our key stands. */
  readonly guard: Guard
  /** createRevision: the place in the queue, the fencing token, the term. */
  readonly revision: bigint
  /** An earlier try of the create got no answer: a copy might land late (see withdraw.ts). */
  readonly isUncertain: boolean
}

/** Our key was deleted by somebody else: revoked, deposed. The place in the queue is gone; only a new one helps. */
export class ContenderGone extends OperatingError {
  constructor(key: Key) {
    super('contender-gone', `the key ${key} was deleted by another node`)
  }
}

const enqueueTriesMax = 8

/**
 * Takes a place at the end of the queue of `dir`. After a failure nothing of ours is left behind, or its deletion is under way.
 * @throws Suspended, SessionLost, OutcomeUnknown (after several tries), ContenderGone, or the signal's reason
 */
export async function enqueue(
  deps: ContenderDeps,
  dir: Key,
  value: Uint8Array,
  options: { signal: AbortSignal },
): Promise<Contender> {
  options.signal.throwIfAborted()
  const { session } = deps.store
  const key = `${dir}/${session.id}~${deps.entropy.token(9)}`
  const create: Write = { kind: 'create', key, value, ephemeral: session }
  let isUncertain = false
  try {
    for (let attempt = 0; attempt < enqueueTriesMax; attempt++) {
      try {
        const result = await deps.store.commit({ guards: [], writes: [create] }, options)
        // Refused can only mean that an earlier try landed: nobody else makes this name.
        const revision = result.ok ? result.revision : await revisionOf(deps, key)
        if (revision === undefined) throw new ContenderGone(key)
        return contender(dir, key, session, revision, isUncertain)
      } catch (error) {
        if (!(error instanceof OutcomeUnknown)) throw error
        isUncertain = true
        options.signal.throwIfAborted()
        const revision = await revisionOf(deps, key)
        if (revision !== undefined) return contender(dir, key, session, revision, isUncertain)
      }
    }
    throw new OutcomeUnknown(`no place in ${dir} after ${enqueueTriesMax} tries`)
  } catch (error) {
    if (isUncertain) void withdraw(deps, { key, session, isUncertain })
    throw error
  }
}

/** Whose place a key is. */
export function sessionIdOf(key: Key): string {
  return nameOf(key).split('~')[0] ?? ''
}

/** Gives the place up. Resolves when the key is gone, or its deletion goes on in the background. Never throws. */
export function leave(deps: ContenderDeps, contender: Contender): Promise<void> {
  return withdraw(deps, contender)
}

/** Whether an error means "not now": worth another look later, in place of giving up. */
export function isPassing(error: unknown): boolean {
  return (
    error instanceof Suspended || error instanceof OutcomeUnknown || error instanceof SessionLost
  )
}

async function revisionOf({ store }: ContenderDeps, key: Key): Promise<bigint | undefined> {
  return (await store.get(key, { fresh: true }))?.createRevision
}

function contender(
  dir: Key,
  key: Key,
  session: Session,
  revision: bigint,
  isUncertain: boolean,
): Contender {
  return { dir, key, session, guard: { kind: 'present', key }, revision, isUncertain }
}
