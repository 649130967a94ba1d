import { killNode, leaderNode, restart, untilNewLeader } from '../harm.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

/** Kill -9 of the leader while auctions come to their end. */
export const killLeaderScenario: Scenario = {
  rounds: 3,
  spanMs: ({ rounds, sessionTimeoutMs }) => rounds * (2 * sessionTimeoutMs + 6_000),
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      const leader = await leaderNode(run)
      const atMs = run.recorder.now()
      await killNode(run, leader.node, 'leader')
      await untilNewLeader(run, leader, atMs)
      await pause(2_000)
      await restart(run, leader.node)
      await pause(3_000)
    }
  },
  mustSee: [...always, 'nodeKills', 'newLeaders'],
  // Its session must run out first; the store grants it up to a tick more.
  bounds: [{ what: 'new leader', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs * 1.5 + 2_000 }],
}
