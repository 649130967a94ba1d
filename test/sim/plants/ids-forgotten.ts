import { appendIn, onStore, withParts } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// The head does not tell which bids were accepted: whoever takes the auction over does not know a bid that comes again.
export const idsForgotten: Plant = {
  name: 'ids-forgotten',
  bug: 'accepted bid ids do not reach the next holder',
  rules: ['refused-absent', 'bid-once'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_000, 5_000, 6_000, 7_000].map((atMs) =>
      fault(atMs, {
        ...{ kind: 'kill-at-call', target: 'holder', call: 2 },
        ...{ when: 'answered', forMs: 400 },
      }),
    ),
    faultsEndMs: 8_500,
  })),
  spoil: () =>
    onStore((store) => ({
      commit(commit, options) {
        const append = appendIn(commit)
        if (append === undefined) return store.commit(commit, options)
        const { batch, head } = append
        const ids = { count: 0, chunked: 0, recent: [] }
        return store.commit(withParts(commit, { batch, head: { ...head, ids } }), options)
      },
    })),
}
