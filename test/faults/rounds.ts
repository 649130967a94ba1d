import { sleep } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import { isBidTakenAbove, noteRecovery } from './harm.ts'
import { askNode } from './http.ts'
import { nemeses } from './nemeses/all.ts'
import type { NemesisName } from './nemeses/names.ts'
import type { PlayedRound } from './run-result.ts'
import type { Run } from './run.ts'
import { always, type Scenario } from './scenarios/scenario.ts'
import type { Schedule } from './schedule.ts'
import { pause } from './wait.ts'

const cleanMs = 3_000
const strikeWithinMs = 150_000
const quietEnds = { fromMs: 3_000, toMs: 14_000 }

/**
 * Rounds on one cluster: clean bidding, a nemesis or two, all healed, bidding goes on and the nodes agree. `played` is
 * filled as it goes.
 */
export function roundsScenario(schedule: Schedule, played: PlayedRound[]): Scenario {
  const names = new Set(schedule.rounds.flat())
  return {
    rounds: schedule.rounds.length,
    // The quiet auctions are opened round by round.
    spanMs: () => 0,
    async play(run) {
      for (const [index, round] of schedule.rounds.entries()) {
        run.say(`round ${index + 1} of ${schedule.rounds.length}: ${round.join(' and ')}`)
        played.push(await playRound(run, round))
      }
    },
    mustSee: [...always, ...new Set([...names].flatMap((name) => nemeses[name].mustSee ?? []))],
    bounds: [],
  }
}

async function playRound(run: Run, round: readonly NemesisName[]): Promise<PlayedRound> {
  const { recorder, sale, options, load } = run
  // Then nothing can be learnt any more; a machine that is far too busy brings it about.
  if (load.bidders.every(({ hot }) => hot?.phase === 'closed'))
    throw new Error('the hot auction has closed: nobody bid on it in time')
  await sale.add(options.quiet, quietEnds)
  await pause(cleanMs)
  const fromMs = recorder.now()
  const over = new AbortController()
  const late = sleep(systemClock, strikeWithinMs, over.signal).then(
    () => {
      throw new Error(`${round.join(' and ')} took more than ${strikeWithinMs} ms`)
    },
    () => undefined,
  )
  try {
    const strikes = Promise.allSettled(round.map((name) => nemeses[name].strike(run)))
    const settled = (await Promise.race([strikes, late])) ?? []
    for (const strike of settled) if (strike.status === 'rejected') throw strike.reason
  } finally {
    over.abort()
  }
  const healedMs = recorder.now()
  await untilHealthy(run, healedMs)
  return { nemeses: round, fromMs, healedMs, toMs: recorder.now() }
}

async function untilHealthy(run: Run, healedMs: number): Promise<void> {
  const { sale, eyes, cluster } = run
  const { seq: hotSeq } = await eyes.head(sale.hot.id)
  const isBidTaken = isBidTakenAbove(run, hotSeq)
  await noteRecovery(run, 'the cluster', 'bidding goes on', healedMs, isBidTaken, 20)
  const { seq } = await eyes.head(sale.hot.id)
  const agree = async () => {
    const shown = await Promise.all(
      cluster.nodes.map(({ url }) => askNode(url, `/auctions/${sale.hot.id}?fresh=true`)),
    )
    return shown.every(({ status, body }) => status === 200 && (body as AuctionJson).seq >= seq)
  }
  await noteRecovery(run, 'the cluster', 'nodes agree', healedMs, agree, 50)
}
