import { lacksNamespaces } from '../namespaces.ts'
import { isolateMember } from '../store-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** A store server that leads its ensemble is cut off from the others, while nodes reach it as before. */
export const storePartitionLeaderNemesis: Nemesis = {
  touches: 'store',
  network: 'store',
  missing: lacksNamespaces,
  strike: (run) => isolateMember(run, 'leader'),
}
