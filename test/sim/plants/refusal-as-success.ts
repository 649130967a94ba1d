import { appendIn, asIfDone, onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Nobody looks at what a commit answered: a refused one counts as done. A holder that lost its lock while it was frozen
// acknowledges bids that are nowhere.
export const refusalAsSuccess: Plant = {
  name: 'refusal-as-success',
  bug: 'a refused commit is taken for one that was carried out',
  rules: ['acknowledged-stays'],
  mode: 'safety',
  replan: stage(({ fault }) => ({
    faults: [4_000, 5_200, 6_500, 7_700].map((atMs) =>
      fault(atMs, { kind: 'freeze', target: 'holder', forMs: 900 }),
    ),
  })),
  spoil: () =>
    onStore((store) => ({
      async commit(commit, options) {
        const result = await store.commit(commit, options)
        return result.ok || appendIn(commit) === undefined ? result : asIfDone(commit)
      },
    })),
}
