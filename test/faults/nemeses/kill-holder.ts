import { between } from '../aim.ts'
import { killHolder, restart, untilBiddingGoesOn } from '../harm.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

/** Kill -9 of the node that holds the hot auction's lock. */
export const killHolderNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['nodeKills', 'revocations'],
  async strike(run) {
    const node = await killHolder(run)
    try {
      await untilBiddingGoesOn(run)
      await pause(between(run, 500, 3_000))
    } finally {
      await restart(run, node)
    }
  },
}
