import { freezeMember } from '../store-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** SIGSTOP of a store server that does not lead. */
export const freezeStoreFollowerNemesis: Nemesis = {
  touches: 'store',
  strike: (run) => freezeMember(run, 'follower'),
}
