import { appendIn, onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Slot and head are written by two commits. A crash between them leaves a slot above the head, where nobody may write and
// nobody looks.
export const tornCommit: Plant = {
  name: 'torn-commit',
  bug: 'slot and head are written by two commits',
  rules: ['journals-equal', 'all-closed'],
  mode: 'liveness',
  replan: stage(({ fault, plan }) => ({
    bidders: plan.bidders.slice(0, 3).map((bidder) => ({ ...bidder, thinkMs: 500 })),
    faults: [4_000, 4_700, 5_400, 6_100].map((atMs, index) =>
      fault(atMs, {
        ...{ kind: 'kill-at-call', target: 'holder', call: index },
        ...{ when: 'sent', forMs: 500 },
      }),
    ),
  })),
  spoil: () =>
    onStore((store) => ({
      async commit(commit, options) {
        const append = appendIn(commit)
        if (append === undefined) return store.commit(commit, options)
        const isSlot = ({ key }: { key: string }) => key === append.slotKey
        const slot = { guards: commit.guards, writes: commit.writes.filter(isSlot) }
        const first = await store.commit(slot, options)
        if (!first.ok) return first
        const rest = commit.writes.filter((write) => !isSlot(write))
        return store.commit({ guards: commit.guards, writes: rest }, options)
      },
    })),
}
