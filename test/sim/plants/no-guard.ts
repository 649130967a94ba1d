import { onStore, appendIn, commitOver } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Commits prove nothing: neither that the lock stands nor that the head is the one decided on, and a slot that exists is
// written over. A holder that was frozen, and has lost its lock meanwhile, overwrites what others were told is theirs.
export const noGuard: Plant = {
  name: 'no-guard',
  bug: 'commits carry no guard, and slots are overwritten',
  rules: ['acknowledged-stays', 'feed-equals-journal', 'raw-equals-journal', 'price-rises'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_000, 5_200, 6_500, 7_700].map((atMs) =>
      fault(atMs, { kind: 'freeze', target: 'holder', forMs: 900 }),
    ),
  })),
  spoil: () =>
    onStore((store) => ({
      commit(commit, options) {
        const append = appendIn(commit)
        if (append === undefined) return store.commit(commit, options)
        return commitOver(store, { ...commit, guards: [] }, append.slotKey)
      },
    })),
}
