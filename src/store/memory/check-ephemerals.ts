import { TooLarge } from '../errors.ts'
import { type Commit, storeLimits } from '../store.ts'

/** @throws TooLarge when the session, which owns `ownedCount` ephemerals, would own more than its budget */
export function checkEphemerals(commit: Commit, ownedCount: number): void {
  const addedCount = commit.writes.filter((one) => one.kind === 'create' && one.ephemeral).length
  if (addedCount > 0 && ownedCount + addedCount > storeLimits.ephemeralsMax) {
    throw new TooLarge(`a session owns at most ${storeLimits.ephemeralsMax} ephemerals`)
  }
}
