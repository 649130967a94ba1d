import { between } from '../aim.ts'
import { freezeLeader } from '../freeze.ts'
import type { Nemesis } from './nemesis.ts'

/** SIGSTOP of the leader for 0.5 to 3 session timeouts. */
export const freezeLeaderNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['freezes'],
  strike: (run) => freezeLeader(run, between(run, 0.5, 3)),
}
