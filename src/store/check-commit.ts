import { assert } from '../lib/assert.ts'
import { SessionLost, TooLarge } from './errors.ts'
import { assertKey, isPermanent, type PermanentRoots } from './key.ts'
import { type Commit, type Guard, type Session, storeLimits } from './store.ts'

/**
 * What every backend checks before it sends: limits (TooLarge), the owner of ephemerals (SessionLost), and the key rules,
 * which only a bug can break (an assertion).
 */
export function checkCommit(commit: Commit, session: Session, roots: PermanentRoots): void {
  const opCount = commit.guards.length + commit.writes.length
  if (opCount > storeLimits.opsMax) {
    throw new TooLarge(`${opCount} operations in a commit; at most ${storeLimits.opsMax}`)
  }
  assert(commit.writes.length > 0, 'a commit writes something')
  for (const guard of commit.guards) {
    assertKey(guard.key)
    assert(
      guard.kind !== 'unchanged' || isPermanent(guard.key, roots),
      `unchanged(${guard.key}): only keys that are never deleted keep their versions`,
    )
  }
  const written = new Set<string>()
  for (const write of commit.writes) {
    assertKey(write.key)
    assert(!written.has(write.key), `${write.key} is written twice in one commit`)
    written.add(write.key)
    if (write.kind === 'delete') {
      assert(!isPermanent(write.key, roots), `${write.key} is never deleted`)
      continue
    }
    if (write.value.byteLength > storeLimits.valueBytesMax) {
      throw new TooLarge(
        `${write.key}: ${write.value.byteLength} bytes; at most ${storeLimits.valueBytesMax}`,
      )
    }
    if (write.kind === 'create' && write.ephemeral !== undefined) {
      assert(!isPermanent(write.key, roots), `${write.key} is permanent, so not ephemeral`)
      if (write.ephemeral !== session || session.state === 'lost') throw new SessionLost()
    }
  }
}

/** The guards of a commit: those given, and the one that each write brings. */
export function guardsOf(commit: Commit): Guard[] {
  return [
    ...commit.guards,
    ...commit.writes.map((write): Guard => ({
      kind: write.kind === 'create' ? 'absent' : 'present',
      key: write.key,
    })),
  ]
}
