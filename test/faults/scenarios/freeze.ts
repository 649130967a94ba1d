import { freezeHolder, freezeLeader } from '../freeze.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

const sessionTimeouts = 3
/** It loses its lock and wakes with its session whole: nothing but the guard of its commit is in its way. */
const shortSleep = 0.5
const calmMs = 2_000

/** SIGSTOP of a lock holder, briefly; of a lock holder and of the leader for three session timeouts; then SIGCONT. */
export const freezeScenario: Scenario = {
  rounds: 1,
  spanMs: ({ rounds, sessionTimeoutMs }) =>
    rounds * ((2 * sessionTimeouts + shortSleep) * sessionTimeoutMs + 16_000),
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      await freezeHolder(run, shortSleep)
      await pause(calmMs)
      await freezeHolder(run, sessionTimeouts)
      await pause(calmMs)
      await freezeLeader(run, sessionTimeouts)
      await pause(calmMs)
    }
  },
  mustSee: [...always, 'handOvers', 'freezes', 'revocations', 'newLeaders', 'batchesWhileFrozen'],
  bounds: [
    { what: 'lock taken away', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs },
    { what: 'new leader', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs * 1.5 + 2_000 },
    { what: 'ready again', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 4_000 },
    { what: 'takes bids again', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 8_000 },
  ],
}
