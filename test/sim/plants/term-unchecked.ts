import type { Key } from '../../../src/store/store.ts'
import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Nobody asks whether a leader leads still: its commits are not guarded by its key, and its time is written over anybody's.
// What it sent arrives when another leads.
export const termUnchecked: Plant = {
  name: 'term-unchecked',
  bug: 'a deposed leader goes on: its commits are not bound to its term',
  rules: ['terms-rise'],
  mode: 'safety',
  replan: stage(({ fault, plan }) => ({
    timing: { ...plan.timing, sessionTimeoutMs: 2_000 },
    faults: [4_000, 6_500, 9_000, 11_500].map((atMs) =>
      fault(atMs, { kind: 'late', target: 'leader', forMs: 1_500, share: 1 }),
    ),
    faultsEndMs: 15_000,
  })),
  spoil: () =>
    onStore((store) => {
      const isOfTerm = ({ key }: { key: Key }) => key.startsWith('leader/') || key === 'clock'
      return {
        commit: (commit, options) =>
          store.commit(
            { ...commit, guards: commit.guards.filter((guard) => !isOfTerm(guard)) },
            options,
          ),
      }
    }),
}
