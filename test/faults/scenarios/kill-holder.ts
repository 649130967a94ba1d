import { killHolder, restart, untilBiddingGoesOn } from '../harm.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

/** With a healthy store, a dead holder's auction takes bids again within this. */
const gapMaxMs = 2_000

/** Kill -9 of the hot auction's lock holder, again and again. */
export const killHolderScenario: Scenario = {
  rounds: 20,
  spanMs: ({ rounds }) => rounds * 9_000,
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      run.say(`round ${round} of ${rounds}`)
      const node = await killHolder(run)
      await untilBiddingGoesOn(run)
      await pause(1_500)
      await restart(run, node)
      await pause(2_000 + 1_000 * run.entropy.random())
    }
  },
  mustSee: [...always, 'handOvers', 'nodeKills', 'revocations'],
  bounds: [{ what: 'gap p95', maxMs: () => gapMaxMs }],
}
