import { must } from '../../../src/lib/assert.ts'
import { killNode, restart, untilBiddingGoesOn } from '../harm.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

/** Kill -9 of any node. */
export const killNodeScenario: Scenario = {
  rounds: 4,
  spanMs: ({ rounds }) => rounds * 10_000,
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      const nodes = run.cluster.upNodes()
      const node = must(nodes[Math.floor(run.entropy.random() * nodes.length)], 'a node to kill')
      await killNode(run, node, 'node')
      await untilBiddingGoesOn(run)
      await pause(2_000)
      await restart(run, node)
      await pause(3_000)
    }
  },
  mustSee: [...always, 'nodeKills'],
  bounds: [],
}
