import { killAndRestartMember } from '../store-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** Kill -9 of a store server that leads its ensemble. */
export const killStoreLeaderNemesis: Nemesis = {
  touches: 'store',
  mustSee: ['storeKills'],
  strike: (run) => killAndRestartMember(run, 'leader'),
}
