import {
  acceptedShare,
  bidSlice,
  coresOf,
  countsOf,
  decidedPerSecond,
  meanBatch,
} from '../bidding-slices.ts'
import { inTurns } from '../in-turns.ts'
import { checkJournals } from '../journal-check.ts'
import { latencyMs, sum } from '../pace.ts'
import { openAuctions, signIn } from '../sale.ts'
import type { Scenario } from '../scenario.ts'

/** What it costs that an auction's lock goes round among the nodes. */
export const contention: Scenario = {
  name: 'contention',
  shows: 'equal load on one auction from all nodes, beside the same load on one node',
  needs: ({ nodes }) => (nodes > 1 ? undefined : 'one node has nobody to contend with'),
  async run(bench) {
    const { options, say } = bench
    const stage = await bench.stage()
    const crewAt = async (name: string, nodes: typeof stage.nodes) =>
      bench.crew('bidders', {
        ...{ name: `${name}-${options.seed}`, lanes: [await openAuctions(stage.nodes, 1)] },
        seats: (await signIn(nodes, options.size.bidders)).map((seat) => ({ ...seat, lane: 0 })),
      })
    const all = await crewAt('cont-all', stage.nodes)
    const one = await crewAt('cont-one', stage.nodes.slice(0, 1))
    say('warms up')
    const warm = [
      await all.ask('bid', { ms: options.warmUpMs }),
      await one.ask('bid', { ms: options.warmUpMs }),
    ]
    await bench.seeHeaps('start')
    const ms = options.durationMs / options.rounds
    say(`measures in ${options.rounds} turns of ${ms / 1_000} s`)
    const slices = await inTurns(options.rounds, {
      all: () => bidSlice(stage, all, { ms }),
      one: () => bidSlice(stage, one, { ms }),
    })
    const runs = [...warm, ...slices.all, ...slices.one]
    const handOvers = sum(slices.all.map((slice) => slice.handOvers))
    const seconds = sum(slices.all.map(({ tookMs }) => tookMs)) / 1_000
    return {
      measures: [
        {
          ...{ what: `decided, ${stage.nodes.length} nodes`, unit: 'bids/s' },
          value: decidedPerSecond(slices.all),
          reference: { what: 'bids/s on one node', value: decidedPerSecond(slices.one) },
          reach: { atLeast: 0.5 },
        },
        {
          ...{ what: 'p99 of an answer', value: latencyMs(slices.all, 0.99), unit: 'ms' },
          reach: { atMost: 100 },
        },
        { what: 'p50 of an answer', value: latencyMs(slices.all, 0.5), unit: 'ms' },
        { what: 'accepted share', value: acceptedShare(slices.all), unit: 'of answers' },
      ],
      counts: countsOf(runs),
      checked: await checkJournals(
        stage.nodes,
        runs.flatMap(({ acknowledged }) => acknowledged),
      ),
      busy: { 'bidders on all': all.busy, 'bidders on one': one.busy },
      cores: coresOf(slices.all),
      notes: [
        `${(handOvers / seconds).toFixed(1)} hand-overs a second, ${meanBatch(slices.all).toFixed(1)} accepted bids a commit`,
      ],
      versions: stage.versions,
    }
  },
}
