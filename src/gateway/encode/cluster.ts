import type { ClusterStatus, LockTurn } from '../../engine/engine.ts'
import type { ClusterJson, LockTurnsJson } from '../../protocol/http.ts'
import { formatInstant } from '../instant.ts'

/** Field by field: what a status may once carry for operators only does not get out by itself. */
export function encodeCluster(status: ClusterStatus, demoControl: string | undefined): ClusterJson {
  const { leader, store } = status
  return {
    node: status.nodeId,
    leader: leader === null ? null : { nodeId: leader.nodeId, term: leader.term },
    members: status.members.map((member) => ({
      nodeId: member.nodeId,
      url: member.url,
      pid: member.pid,
      version: member.version,
      ready: member.ready,
      clockOffsetMs: member.clockOffsetMs,
    })),
    store: {
      kind: store.kind,
      state: store.state,
      servers: [...store.servers],
      watchCount: store.watchCount,
      ephemeralCount: store.ephemeralCount,
      ...(store.ensemble !== undefined && {
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
