import { killStoreMember, restartStoreMember, untilBiddingGoesOn } from '../harm.ts'
import type { Run } from '../run.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

/** Kill -9 of one store server, a follower first, then the leader; each comes back. */
export const storeMemberScenario: Scenario = {
  rounds: 1,
  spanMs: ({ rounds }) => rounds * 30_000,
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      await once(run, 'follower')
      await once(run, 'leader')
    }
  },
  mustSee: [...always, 'storeKills'],
  bounds: [],
}

async function once(run: Run, role: 'leader' | 'follower'): Promise<void> {
  const member = await killStoreMember(run, role)
  const { seq } = await run.eyes.head(run.sale.hot.id)
  await untilBiddingGoesOn(run, seq)
  await pause(3_000)
  await restartStoreMember(run, member)
  await pause(4_000)
}
