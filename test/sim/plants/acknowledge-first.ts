import { appendIn, asIfDone, onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

const laterMs = 200

// A commit is answered at once and sent a little later: whoever was told "accepted" meanwhile loses the bid with the crash,
// or when the commit is refused then.
export const acknowledgeFirst: Plant = {
  name: 'acknowledge-first',
  bug: 'bids are acknowledged before their commit',
  rules: ['acknowledged-stays'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_500, 6_500].map((atMs) =>
      fault(atMs, { kind: 'kill', target: 'holder', isTold: true, forMs: 1_000 }),
    ),
  })),
  spoil: () =>
    onStore((store, { clock }) => ({
      async commit(commit, options) {
        if (appendIn(commit) === undefined) return store.commit(commit, options)
        clock.setTimer(laterMs, () => void store.commit(commit).catch(() => undefined))
        return asIfDone(commit)
      },
    })),
}
