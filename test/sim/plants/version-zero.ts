import { createNoLocks } from '../without-lock/no-locks.ts'
import { appendIn, commitOver, onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// "Unchanged since version 0" is sent as "any version": the first bids of two nodes write over each other. Alone this harms
// nobody: slots are created exclusively, and a lock stands before them. So both are left out here, with and without the bug,
// and the guard on the head is all that is left.
export const versionZero: Plant = {
  name: 'version-zero',
  bug: 'version 0 in a guard means any version (lock and exclusive slots left out)',
  rules: ['acknowledged-stays', 'feed-equals-journal'],
  mode: 'safety',
  replan: stage(({ auction, plan }) => ({
    // All there from the beginning, so that bidders are everywhere.
    nodes: plan.nodes.map((node) => ({ ...node, startMs: 0 })),
    auctions: Array.from({ length: 8 }, (_, index) => ({
      ...auction,
      createMs: 3_000 + index * 250,
    })),
    bidders: Array.from({ length: 9 }, (_, index) => ({
      ...{ name: `b${index + 1}`, thinkMs: 30, wallOffsetMs: 0 },
    })),
    faultsEndMs: 6_000,
  })),
  besides: () => barely(false),
  spoil: () => barely(true),
}

function barely(isSpoilt: boolean) {
  const store = onStore((real) => ({
    commit(commit, options) {
      const append = appendIn(commit)
      if (append === undefined) return real.commit(commit, options)
      const guards = commit.guards.filter(
        (guard) => !(isSpoilt && guard.kind === 'unchanged' && guard.version === '0'),
      )
      return commitOver(real, { ...commit, guards }, append.slotKey)
    },
  }))
  const engine: NonNullable<typeof store.engine> = (deps) => ({
    ...store.engine?.(deps),
    locks: createNoLocks(),
  })
  return { engine, without: ['lock'] as const }
}
