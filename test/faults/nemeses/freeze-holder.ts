import { between } from '../aim.ts'
import { freezeHolder } from '../freeze.ts'
import type { Nemesis } from './nemesis.ts'

/** SIGSTOP of the holder of the hot auction's lock for 0.5 to 3 session timeouts. */
export const freezeHolderNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['freezes', 'revocations'],
  strike: (run) => freezeHolder(run, between(run, 0.5, 3)),
}
