import { bidSlice, coresOf, countsOf, refusalNote } from '../bidding-slices.ts'
import { measureCommitSize } from '../commit-size.ts'
import { inTurns } from '../in-turns.ts'
import { checkJournals } from '../journal-check.ts'
import { latencyMs } from '../pace.ts'
import { openAuctions, signIn } from '../sale.ts'
import type { Measure, Scenario } from '../scenario.ts'

/** One person may not bid more often for long: both sides keep this pace, so that both find the machine as idle. */
const everyMs = 10

export const latency: Scenario = {
  name: 'latency',
  shows: 'one bidder, from bid to acknowledgement',
  async run(bench) {
    const { options, say } = bench
    const stage = await bench.stage()
    const [seat] = await signIn(stage.nodes, 1)
    if (seat === undefined) throw new Error('nobody came in')
    const bidder = await bench.crew('bidders', {
      ...{ name: `latency-${options.seed}`, lanes: [await openAuctions(stage.nodes, 1)] },
      seats: [{ ...seat, lane: 0 }],
    })
    const raw = await bench.crew('raw-commits', {
      ...{ url: stage.referenceUrl('raw'), connections: 1, keys: 1 },
      ...(await measureCommitSize(1)),
    })
    say('warms up')
    const warm = await bidder.ask('bid', { ms: options.warmUpMs, everyMs })
    await raw.ask('commit', { ms: options.warmUpMs, width: 1, everyMs })
    await bench.seeHeaps('start')
    const ms = options.durationMs / options.rounds
    say(`measures in ${options.rounds} turns of ${ms / 1_000} s`)
    const slices = await inTurns(options.rounds, {
      bids: () => bidSlice(stage, bidder, { ms, everyMs }),
      commits: () => raw.ask('commit', { ms, width: 1, everyMs }),
    })
    const measureOf = (share: number, atMost: number): Measure => ({
      ...{ what: `bid to acknowledged, p${share * 100}`, unit: 'ms' },
      value: latencyMs(slices.bids, share),
      reference: { what: 'ms, a raw guarded commit', value: latencyMs(slices.commits, share) },
      reach: { atMost },
    })
    const runs = [warm, ...slices.bids]
    const refusals = refusalNote(runs)
    return {
      measures: [measureOf(0.5, 2), measureOf(0.99, 3)],
      counts: countsOf(runs),
      checked: await checkJournals(
        stage.nodes,
        runs.flatMap(({ acknowledged }) => acknowledged),
      ),
      busy: { bidder: bidder.busy, 'raw commits': raw.busy },
      cores: coresOf(slices.bids),
      notes: refusals === undefined ? [] : [refusals],
      versions: stage.versions,
    }
  },
}
