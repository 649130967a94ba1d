import { anyNode, between } from '../aim.ts'
import { killNode, restart, untilBiddingGoesOn } from '../harm.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

/** Kill -9 of any node; it starts again a while later. */
export const killNodeNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['nodeKills'],
  async strike(run) {
    const node = anyNode(run)
    try {
      await killNode(run, node, 'node')
      await untilBiddingGoesOn(run)
      await pause(between(run, 1_000, 4_000))
    } finally {
      await restart(run, node)
    }
  },
}
