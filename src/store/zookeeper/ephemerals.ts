import { TooLarge } from '../errors.ts'
import { type Commit, type CommitResult, type Key, type Session, storeLimits } from '../store.ts'

/** The ephemerals of the session in force, as far as we know: those that others deleted stay counted until we look. */
export interface Ephemerals {
  readonly count: number
  /** @throws TooLarge when the commit would go beyond the budget, even after a look at which are still there */
  makeRoom(
    commit: Commit,
    session: Session,
    isThere: (key: Key) => Promise<boolean>,
  ): Promise<void> | undefined
  /** After a commit. */
  note(commit: Commit, session: Session, result: CommitResult): void
}

export function createEphemerals(deps: { gauge: (count: number) => void }): Ephemerals {
  let owner: Session | undefined
  let keys = new Set<Key>()

  const of = (session: Session) => {
    if (owner !== session) {
      owner = session
      keys = new Set()
    }
    return keys
  }
  return {
    get count() {
      return owner?.state === 'lost' ? 0 : keys.size
    },
    makeRoom(commit, session, isThere) {
      const added = createdBy(commit)
      if (of(session).size + added.length <= storeLimits.ephemeralsMax) return undefined
      return prune(session, added.length, isThere)
    },
    note(commit, session, result) {
      const owned = of(session)
      const before = owned.size
      if (result.ok) {
        for (const key of createdBy(commit)) owned.add(key)
        for (const write of commit.writes) if (write.kind === 'delete') owned.delete(write.key)
      }
      if (owned.size !== before) deps.gauge(owned.size)
    },
  }

  async function prune(
    session: Session,
    addedCount: number,
    isThere: (key: Key) => Promise<boolean>,
  ) {
    const known = [...of(session)]
    const areThere = await Promise.all(known.map(isThere))
    for (const [index, key] of known.entries())
      if (areThere[index] === false) of(session).delete(key)
    deps.gauge(of(session).size)
    if (of(session).size + addedCount > storeLimits.ephemeralsMax) {
      throw new TooLarge(`at most ${storeLimits.ephemeralsMax} ephemerals in a session`)
    }
  }
}

function createdBy(commit: Commit): Key[] {
  return commit.writes.flatMap((write) =>
    write.kind === 'create' && write.ephemeral !== undefined ? [write.key] : [],
  )
}
