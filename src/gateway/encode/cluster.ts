import type { ClusterStatus, LockTurn } from '../../engine/engine.ts'
import type { ClusterJson, LockTurnsJson } from '../../protocol/http.ts'
import { formatInstant } from '../instant.ts'

/** Field by field: what is the operator's (processes, addresses of the store, versions) goes to no one else. */
export function encodeCluster(
  status: ClusterStatus,
  { demoControl, maySee }: { demoControl: string | undefined; maySee: boolean },
): ClusterJson {
  const { leader, store } = status
  return {
    node: status.nodeId,
    leader: leader === null ? null : { nodeId: leader.nodeId, term: leader.term },
    members: status.members.map((member) => ({
      nodeId: member.nodeId,
      url: member.url,
      ...(maySee && { pid: member.pid, version: member.version }),
      ready: member.ready,
      clockOffsetMs: member.clockOffsetMs,
    })),
    store: {
      kind: store.kind,
      state: store.state,
      ...(maySee && { servers: [...store.servers] }),
      watchCount: store.watchCount,
      ephemeralCount: store.ephemeralCount,
      ...(maySee &&
        store.ensemble !== undefined && {
          ensemble: store.ensemble.map(({ server, state, role, version, isOurs }) => ({
            ...{ server, state, role, version, isOurs },
          })),
        }),
    },
    locks: status.locks.map((lock) => ({
      auctionId: lock.auctionId,
      nodeId: lock.nodeId,
      waiters: [...lock.waiters],
    })),
    ...(demoControl !== undefined && { demo: { controlUrl: demoControl } }),
  }
}

export function encodeLockTurns(node: string, turns: readonly LockTurn[]): LockTurnsJson {
  return {
    node,
    turns: turns.map(({ at, kind, auctionId, from, count }) => ({
      ...{ at: formatInstant(at), kind, auctionId, from, count },
    })),
  }
}
