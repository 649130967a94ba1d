import { sleep } from '../../../src/lib/clock.ts'
import { createNoLocks } from '../without-lock/no-locks.ts'
import { appendIn, commitOver, onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// The close proves nothing: no head, no leadership. It is long on its way here, and so are the other nodes' bids; no lock puts
// them in order, with and without the bug, so that the guards are all there is. Bids that were in time and came in between are
// written over.
export const closeUnguarded: Plant = {
  name: 'close-unguarded',
  bug: 'the close carries no guard (lock left out)',
  rules: ['close-not-early', 'acknowledged-stays', 'feed-equals-journal', 'one-close'],
  mode: 'safety',
  replan: stage(({ auction, plan }) => ({
    timing: { ...plan.timing, closeGraceMs: 50 },
    auctions: durationsMs.map((durationMs) => ({ ...auction, durationMs })),
    // All at the second node, which is there from the beginning; mostly another one leads.
    nodes: plan.nodes.map((node) => ({ ...node, startMs: 0 })),
    bidders: Array.from({ length: 24 }, (_, index) => ({
      ...{ name: `b${index + 1}`, thinkMs: index % 3 === 0 ? 100 : 60_000, wallOffsetMs: 0 },
    })),
    faults: [
      {
        atMs: auction.createMs + 500,
        harm: { kind: 'slow', target: { nodeId: 'n2' }, forMs: 6_000, slowness: 300 },
      },
    ],
    faultsEndMs: 11_000,
  })),
  besides: () => onTheWay(true),
  spoil: () => onTheWay(false),
}

const durationsMs = [1_500, 2_500, 3_500, 4_500]
const onItsWayMs = 2_500

function onTheWay(isGuarded: boolean) {
  const slow = onStore((store, { clock }) => ({
    async commit(commit, options) {
      const append = appendIn(commit)
      const closes = append?.batch.events.some(({ type }) => type === 'AuctionClosed') === true
      if (append === undefined || !closes) return store.commit(commit, options)
      await sleep(clock, onItsWayMs)
      if (isGuarded) return store.commit(commit, options)
      return commitOver(store, { ...commit, guards: [] }, append.slotKey)
    },
  }))
  const engine: NonNullable<typeof slow.engine> = (deps) => ({
    ...slow.engine?.(deps),
    locks: createNoLocks(),
  })
  return { engine, without: ['lock'] as const }
}
