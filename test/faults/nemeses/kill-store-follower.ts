import { killAndRestartMember } from '../store-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** Kill -9 of a store server that does not lead. */
export const killStoreFollowerNemesis: Nemesis = {
  touches: 'store',
  mustSee: ['storeKills'],
  strike: (run) => killAndRestartMember(run, 'follower'),
}
