import { freezeMember } from '../store-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** SIGSTOP of a store server that leads its ensemble. */
export const freezeStoreLeaderNemesis: Nemesis = {
  touches: 'store',
  strike: (run) => freezeMember(run, 'leader'),
}
