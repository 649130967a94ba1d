import { storeLimits, type Commit, type Key } from '../store.ts'
import { TooLarge } from '../errors.ts'

/** How many ephemerals our session owns. Others may delete them unseen, so the number is an upper bound until it is recounted. */
export interface Ephemerals {
  readonly count: number
  /** @throws TooLarge when the commit would go beyond the budget even after asking the store for the true number */
  admit(commit: Commit): Promise<void> | undefined
  committed(commit: Commit): void
  /** A new session owns none. */
  reset(): void
}

export function createEphemerals(deps: { recount: () => Promise<readonly Key[]> }): Ephemerals {
  let owned = new Set<Key>()
  const addedBy = (commit: Commit) =>
    commit.writes.filter((write) => write.kind === 'create' && write.ephemeral !== undefined).length
  const fits = (addedCount: number) => owned.size + addedCount <= storeLimits.ephemeralsMax

  async function admitAfterRecount(addedCount: number): Promise<void> {
    owned = new Set(await deps.recount())
    if (!fits(addedCount)) {
      throw new TooLarge(`at most ${storeLimits.ephemeralsMax} ephemerals in a session`)
    }
  }
  return {
    get count() {
      return owned.size
    },
    admit(commit) {
      const addedCount = addedBy(commit)
      return addedCount === 0 || fits(addedCount) ? undefined : admitAfterRecount(addedCount)
    },
    committed(commit) {
      for (const write of commit.writes) {
        if (write.kind === 'delete') owned.delete(write.key)
        else if (write.kind === 'create' && write.ephemeral !== undefined) owned.add(write.key)
      }
    },
    reset() {
      owned = new Set()
    },
  }
}
