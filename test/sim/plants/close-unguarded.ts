import { appendIn, commitOver, onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// The close proves nothing: no lock, no head, no leadership. On a slow way it arrives when another node, with the lock that the
// leader lost meanwhile, has written a bid that was in time, or moved the end.
export const closeUnguarded: Plant = {
  name: 'close-unguarded',
  bug: 'the close carries no guard',
  rules: ['close-not-early', 'acknowledged-stays', 'feed-equals-journal', 'one-close'],
  mode: 'safety',
  replan: stage(({ fault, auction }) => ({
    auctions: [0, 1, 2, 3, 4].map(() => ({ ...auction, softClose, durationMs: 2_500 })),
    bidders: Array.from({ length: 12 }, (_, index) => ({
      ...{ name: `b${index + 1}`, thinkMs: 60, wallOffsetMs: 0 },
    })),
    faults: [4_000, 6_000, 8_000].map((atMs) =>
      fault(atMs, { kind: 'slow', target: 'leader', forMs: 1_900, slowness: 300 }),
    ),
    faultsEndMs: 9_000,
  })),
  spoil: () =>
    onStore((store) => ({
      commit(commit, options) {
        const append = appendIn(commit)
        const closes = append?.batch.events.some(({ type }) => type === 'AuctionClosed') === true
        if (append === undefined || !closes) return store.commit(commit, options)
        return commitOver(store, { ...commit, guards: [] }, append.slotKey)
      },
    })),
}

const softClose = { windowMs: 600, extensionMs: 700, mode: 'reset', maxExtensions: 100 } as const
