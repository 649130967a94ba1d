import type { Clock } from '../lib/clock.ts'
import type { ClusterTime, LockTurn } from './engine.ts'

/** What became of auction locks on this node lately, for a page about the cluster. Nothing is decided by it. */
export interface LockDiary {
  note(turn: Pick<LockTurn, 'kind' | 'auctionId' | 'from'>): void
  /** The oldest first. */
  readonly turns: readonly LockTurn[]
}

const turnsMax = 100
/** Nodes that bid against each other pass a lock on many times a second: that is told as one. */
const togetherMs = 1_000

export function createLockDiary(deps: { clock: Clock; time: ClusterTime }): LockDiary {
  const turns: LockTurn[] = []
  return {
    turns,
    note(turn) {
      const at = deps.time.now() ?? deps.clock.wallMs()
      const last = turns.findLast(
        ({ kind, auctionId }) => kind === turn.kind && auctionId === turn.auctionId,
      )
      if (turn.kind === 'handed-over' && last !== undefined && at - last.at < togetherMs) {
        last.count++
        return
      }
      turns.push({ ...turn, at, count: 1 })
      if (turns.length > turnsMax) turns.shift()
    },
  }
}
