import {
  killHolder,
  killNode,
  killStoreMember,
  leaderNode,
  restart,
  restartStoreMember,
  untilBiddingGoesOn,
  untilNewLeader,
} from '../harm.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

/** The holder of the hot auction's lock, then the leader, then one store server: kill -9 of each in one run. */
export const mixedScenario: Scenario = {
  rounds: 1,
  spanMs: ({ rounds, sessionTimeoutMs }) => rounds * (2 * sessionTimeoutMs + 20_000),
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      const holder = await killHolder(run)
      await untilBiddingGoesOn(run)
      await pause(2_000)
      await restart(run, holder)
      await pause(2_000)

      const leader = await leaderNode(run)
      const atMs = run.recorder.now()
      await killNode(run, leader.node, 'leader')
      await untilNewLeader(run, leader, atMs)
      await pause(1_000)
      await restart(run, leader.node)
      await pause(2_000)

      const role = run.entropy.random() < 0.5 ? 'leader' : 'follower'
      const member = await killStoreMember(run, role)
      const { seq } = await run.eyes.head(run.sale.hot.id)
      await untilBiddingGoesOn(run, seq)
      await pause(3_000)
      if (run.options.restart) await restartStoreMember(run, member)
      await pause(1_000)
    }
  },
  mustSee: [...always, 'handOvers', 'nodeKills', 'storeKills', 'newLeaders', 'revocations'],
  bounds: [{ what: 'new leader', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs * 1.5 + 2_000 }],
}
