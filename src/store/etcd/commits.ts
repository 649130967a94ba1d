import { checkCommit } from '../check-commit.ts'
import { SessionLost } from '../errors.ts'
import type { PermanentRoots } from '../key.ts'
import type { Room } from '../room.ts'
import type { CallOptions, Commit, CommitResult } from '../store.ts'
import type { Call } from './call.ts'
import { createEphemerals } from './ephemerals.ts'
import { isFull, settleFull } from './full-store.ts'
import type { KeyLayout } from './key-layout.ts'
import type { Lifeline } from './lifeline.ts'
import type { Seen } from './reads.ts'
import { type Transaction, transactionOf } from './transaction.ts'

export interface Commits {
  readonly ephemeralCount: number
  commit(commit: Commit, options: CallOptions): Promise<CommitResult>
}

export function createCommits(deps: {
  call: Call
  layout: KeyLayout
  lifeline: Lifeline
  permanentRoots: PermanentRoots
  seen: Seen
  room: Room
}): Commits {
  const { call, layout, lifeline, seen, room } = deps
  const ephemerals = createEphemerals({
    async recount() {
      const ID = lifeline.handle.leaseId
      const answer = await call(
        {
          kind: 'read',
          isQuorum: false,
          send: (link, grpc) => link.lease.leaseTimeToLive({ ID, keys: true }, grpc),
        },
        {},
      )
      return answer.keys.map((raw) => layout.keyOf(raw))
    },
  })
  let { handle } = lifeline

  async function attempt(commit: Commit, transaction: Transaction, options: CallOptions) {
    const { request, resultOf } = transaction
    try {
      const answer = await call(
        { kind: 'commit', isQuorum: true, send: (link, grpc) => link.kv.txn(request, grpc) },
        options,
      )
      seen.at(answer.header.revision)
      return resultOf(answer)
    } catch (error) {
      if (isFull(error)) {
        room.refused()
        return settleFull(commit, transaction, deps)
      }
      throw error
    }
  }

  return {
    get ephemeralCount() {
      return lifeline.handle === handle ? ephemerals.count : 0
    },
    async commit(commit, options) {
      if (lifeline.handle !== handle) {
        handle = lifeline.handle
        ephemerals.reset()
      }
      const owner = handle
      checkCommit(commit, owner.session, deps.permanentRoots)
      const admission = ephemerals.admit(commit)
      if (admission !== undefined) await admission
      const transaction = transactionOf(commit, layout, owner.leaseId)
      try {
        const result = await attempt(commit, transaction, options)
        if (result.ok && owner === handle) ephemerals.committed(commit)
        return result
      } catch (error) {
        if (error instanceof SessionLost && owner === lifeline.handle) lifeline.lose()
        throw error
      }
    },
  }
}
