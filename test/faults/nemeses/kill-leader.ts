import { killNode, leaderNode, restart, untilNewLeader } from '../harm.ts'
import type { Nemesis } from './nemesis.ts'

/** Kill -9 of the leader; it starts again when another leads. */
export const killLeaderNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['nodeKills', 'newLeaders'],
  async strike(run) {
    const leader = await leaderNode(run)
    run.victims.claim(leader.node.nodeId)
    const atMs = run.recorder.now()
    try {
      await killNode(run, leader.node, 'leader')
      await untilNewLeader(run, leader, atMs)
    } finally {
      await restart(run, leader.node)
    }
  },
}
