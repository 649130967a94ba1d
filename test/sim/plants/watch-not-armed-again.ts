import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// The watch on a head is armed once. What happens while the link is broken rings nowhere, it is never armed again, and nobody
// reads again either: the room stands still.
export const watchNotArmedAgain: Plant = {
  name: 'watch-not-armed-again',
  bug: 'after a break a watch is neither armed again nor followed by a read',
  rules: ['feed-complete', 'feed-one-close'],
  mode: 'liveness',
  replan: stage(({ fault, plan }) => ({
    bidders: plan.bidders.map((bidder) => ({ ...bidder, thinkMs: 1_500 })),
    faults: ['n1', 'n2', 'n3'].map((nodeId) =>
      fault(5_500, { kind: 'silence', target: { nodeId }, forMs: 3_000 }),
    ),
    faultsEndMs: 9_500,
  })),
  spoil: () =>
    onStore((store) => ({
      watch(target, { signal }) {
        if (!('key' in target) || !target.key.startsWith('head/'))
          return store.watch(target, { signal })
        const broken = new AbortController()
        const stop = store.onSessionChange(() => broken.abort())
        signal.addEventListener('abort', stop, { once: true })
        return store.watch(target, { signal: AbortSignal.any([signal, broken.signal]) })
      },
    })),
}
