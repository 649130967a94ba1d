import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// The watch on a head is armed once. What happens while the link is broken rings nowhere, it is never armed again, and nobody
// reads again either: the room stands still.
export const watchNotArmedAgain: Plant = {
  name: 'watch-not-armed-again',
  bug: 'after a break a watch is neither armed again nor followed by a read',
  rules: ['recovered-in-time', 'feed-complete', 'feed-one-close'],
  mode: 'liveness',
  replan: stage(({ fault, plan }) => ({
    bidders: plan.bidders.map((bidder) => ({ ...bidder, thinkMs: 1_500 })),
    faults: ['n1', 'n2', 'n3'].map((nodeId) =>
      fault(5_500, { kind: 'silence', target: { nodeId }, forMs: 3_000 }),
    ),
    faultsEndMs: 9_500,
  })),
  spoil: () =>
    onStore((store) => {
      const broken = new AbortController()
      store.onSessionChange(() => broken.abort())
      return {
        watch: (target, { signal }) =>
          'key' in target && target.key.startsWith('head/')
            ? store.watch(target, { signal: AbortSignal.any([signal, broken.signal]) })
            : store.watch(target, { signal }),
      }
    }),
}
