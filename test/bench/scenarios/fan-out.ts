import { must } from '../../../src/lib/assert.ts'
import { inTurns } from '../in-turns.ts'
import { checkJournals } from '../journal-check.ts'
import type { FanOutRun } from '../load/viewers.ts'
import { meterCores } from '../machine.ts'
import { latencyMs, perSecond, sum } from '../pace.ts'
import { openAuctions, signIn } from '../sale.ts'
import type { Scenario } from '../scenario.ts'

const everyMs = 50

/** One bid, thousands of sockets. */
export const fanOut: Scenario = {
  name: 'fan-out',
  shows: 'viewers of one auction on one node, a bid every 50 ms',
  async run(bench) {
    const { options, say } = bench
    const { viewers: count } = options.size
    const stage = await bench.stage({ nodeCount: 1 })
    const { url } = must(stage.nodes[0], 'node')
    const auctionId = must((await openAuctions(stage.nodes, 1))[0], 'auction')
    const bidder = must((await signIn(stage.nodes, 1))[0], 'bidder')
    say(`${count} viewers come in, twice`)
    const audience = { count, auctionId, bidder }
    const room = await bench.crew('viewers', { ...audience, url, name: `room-${options.seed}` })
    const warm = await room.ask('follow', { ms: options.warmUpMs, everyMs })
    const bare = await bench.crew('bare-sockets', { frame: warm.frame })
    const address = await bare.ask('address', undefined)
    const loop = await bench.crew('viewers', {
      ...{ ...audience, bidder: { ...address, token: 't' } },
      ...{ ...address, name: `loop-${options.seed}` },
    })
    await loop.ask('follow', { ms: options.warmUpMs, everyMs })
    await bench.seeHeaps('start')
    const ms = options.durationMs / options.rounds
    say(`measures in ${options.rounds} turns of ${ms / 1_000} s`)
    const cores: Record<string, number | undefined> = {}
    const slices = await inTurns(options.rounds, {
      async room() {
        const used = meterCores(stage.nodes.flatMap(({ pid }) => pid ?? []))
        const run = await room.ask('follow', { ms, everyMs })
        cores['node'] = used()
        return run
      },
      async loop() {
        const used = meterCores([bare.pid])
        const run = await loop.ask('follow', { ms, everyMs })
        cores['bare loop'] = used()
        return run
      },
    })
    const runs = [warm, ...slices.room]
    const acknowledged = runs.flatMap((run) => run.acknowledged)
    const checked = await checkJournals(stage.nodes, acknowledged)
    const behind = runs.filter((run) => run.behind > 0)
    const late = behind.map((run) => `${run.behind} viewers never heard of the last bid`)
    return {
      measures: [
        {
          ...{ what: 'deliveries', value: perSecond(slices.room), unit: '/s' },
          reference: { what: '/s, a bare loop', value: perSecond(slices.loop) },
          reach: { atLeast: 0.8 },
        },
        {
          ...{ what: 'bid to last viewer, p99', value: latencyMs(slices.room, 0.99), unit: 'ms' },
          reference: { what: 'ms, a bare loop', value: latencyMs(slices.loop, 0.99) },
          reach: { atMost: 2 },
        },
        {
          ...{ what: 'bid to last viewer, p50', value: latencyMs(slices.room, 0.5), unit: 'ms' },
          reference: { what: 'ms, a bare loop', value: latencyMs(slices.loop, 0.5) },
        },
      ],
      counts: {
        acknowledged: acknowledged.length,
        refused: 0,
        unknown: sum(runs.map(({ unknown }) => unknown)),
      },
      checked: { ...checked, complaints: [...checked.complaints, ...late] },
      busy: { viewers: room.busy, 'viewers of the loop': loop.busy },
      cores,
      notes: [noteOf('the node', slices.room), noteOf('the bare loop', slices.loop)],
      nodes: 1,
      versions: stage.versions,
    }
  },
}

function noteOf(who: string, runs: readonly FanOutRun[]): string {
  const of = (value: (run: FanOutRun) => number) => sum(runs.map(value))
  const whole = of(({ latenciesMs }) => latenciesMs.length)
  return `${who}: ${of(({ bids }) => bids)} bids, ${whole} of them to every viewer as events, ${of(
    ({ conflated }) => conflated,
  )} snapshots for slow ones`
}
