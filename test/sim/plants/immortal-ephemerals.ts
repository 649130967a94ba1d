import type { Write } from '../../../src/store/store.ts'
import { onStore } from './spoil.ts'
import type { Plant } from './plant.ts'
import { stage } from './stage.ts'

// Ephemeral keys are created as lasting ones: locks, candidacies and memberships outlive whoever made them.
export const immortalEphemerals: Plant = {
  name: 'immortal-ephemerals',
  bug: 'ephemeral keys are not bound to a session',
  rules: ['no-orphans'],
  mode: 'liveness',
  replan: stage(({ fault }) => ({
    faults: [fault(4_500, { kind: 'kill', target: 'holder', isTold: true, forMs: 1_500 })],
  })),
  spoil: () =>
    onStore((store) => ({
      commit: (commit, options) =>
        store.commit({ ...commit, writes: commit.writes.map(lasting) }, options),
    })),
}

function lasting(write: Write): Write {
  if (write.kind !== 'create') return write
  const { kind, key, value } = write
  return { kind, key, value }
}
