import {
  bidSlice,
  type BiddingSlice,
  coresOf,
  countsOf,
  decidedPerSecond,
  meanBatch,
} from '../bidding-slices.ts'
import { measureCommitSize } from '../commit-size.ts'
import { inTurns } from '../in-turns.ts'
import { checkJournals } from '../journal-check.ts'
import type { Seat } from '../load/bidder-socket.ts'
import { perSecond } from '../pace.ts'
import { openAuctions, signIn } from '../sale.ts'
import type { Bench, Measure, Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const batch = 64
/** More bidders that bring less than this are not worth having. */
const worthIt = 1.05

/** As many bidders as it takes, against the lower of two limits: sockets and JSON alone, and the store alone. */
export const saturation: Scenario = {
  name: 'saturation',
  shows: 'one auction, as many bidders as it takes, on one node and on all',
  async run(bench) {
    const { options, say } = bench
    const stage = await bench.stage()
    const most = Math.max(...options.size.saturation)
    const crewOf = async (name: string, seats: readonly Seat[], lanes: string[][]) =>
      bench.crew('bidders', {
        ...{ name: `${name}-${options.seed}`, lanes },
        seats: seats.map((seat) => ({ ...seat, lane: 0 })),
      })
    const one = await crewOf('sat-one', await signIn(stage.nodes.slice(0, 1), most), [
      await openAuctions(stage.nodes, 1),
    ])
    const all = await crewOf('sat-all', await signIn(stage.nodes, most), [
      await openAuctions(stage.nodes, 1),
    ])
    const echoes = await echoNodes(bench, stage)
    const nowhere = [['no-auction']]
    const echoSeats = (urls: readonly string[]) =>
      Array.from({ length: most }, (_, n) => ({ url: urls[n % urls.length] ?? '', token: 't' }))
    const echoOne = await crewOf('echo-one', echoSeats(echoes.slice(0, 1)), nowhere)
    const echoAll = await crewOf('echo-all', echoSeats(echoes), nowhere)
    const raw = await bench.crew('raw-commits', {
      ...{ url: stage.referenceUrl('raw'), connections: 1, keys: 1 },
      ...(await measureCommitSize(batch)),
    })
    const warm: BiddingSlice[] = []
    const seats = {
      one: await enough(
        bench,
        (n) => bidSlice(stage, one, { ms: options.warmUpMs, seats: n }),
        warm,
      ),
      all: await enough(
        bench,
        (n) => bidSlice(stage, all, { ms: options.warmUpMs, seats: n }),
        warm,
      ),
    }
    await bench.seeHeaps('start')
    const ms = options.durationMs / options.rounds
    say(`measures with ${seats.one} bidders on one node, ${seats.all} on all`)
    const slices = await inTurns(options.rounds, {
      one: () => bidSlice(stage, one, { ms, seats: seats.one }),
      echoOne: () => echoOne.ask('bid', { ms, seats: seats.one }),
      all: () => bidSlice(stage, all, { ms, seats: seats.all }),
      echoAll: () => echoAll.ask('bid', { ms, seats: seats.all }),
      raw: () => raw.ask('commit', { ms, width: 1 }),
    })
    const store = perSecond(slices.raw) * batch
    const measureOf = (
      what: string,
      runs: readonly BiddingSlice[],
      transport: number,
    ): Measure => ({
      ...{ what, value: decidedPerSecond(runs), unit: 'bids/s' },
      reference: {
        what: store < transport ? 'bids/s, raw commits of 64' : 'bids/s, sockets and JSON alone',
        value: Math.min(store, transport),
      },
      reach: { atLeast: 0.5 },
    })
    const limits = { one: perSecond(slices.echoOne), all: perSecond(slices.echoAll) }
    const runs = [...warm, ...slices.one, ...slices.all]
    return {
      measures: [
        measureOf(`${seats.one} bidders on one node`, slices.one, limits.one),
        measureOf(`${seats.all} bidders on ${stage.nodes.length} nodes`, slices.all, limits.all),
        { what: 'limit of the store', value: store, unit: `bids/s in commits of ${batch}` },
        { what: 'limit of one transport', value: limits.one, unit: 'bids/s' },
        { what: 'limit of all transports', value: limits.all, unit: 'bids/s' },
      ],
      counts: countsOf(runs),
      checked: await checkJournals(
        stage.nodes,
        runs.flatMap(({ acknowledged }) => acknowledged),
      ),
      busy: {
        'bidders on one node': one.busy,
        'bidders on all': all.busy,
        'bidders on echo nodes': echoAll.busy,
      },
      cores: coresOf(slices.one),
      notes: [
        `accepted bids a commit: ${meanBatch(slices.one).toFixed(1)} on one node, ${meanBatch(slices.all).toFixed(1)} on all`,
      ],
      versions: stage.versions,
    }
  },
}

async function echoNodes(bench: Bench, { nodes }: Stage): Promise<string[]> {
  const urls: string[] = []
  for (const _ of nodes) {
    const echo = await bench.crew('echo-node', undefined)
    urls.push((await echo.ask('address', undefined)).url)
  }
  return urls
}

/** The smallest of the given numbers of bidders that the next larger one does not beat. */
async function enough(
  { options, say }: Bench,
  bid: (seats: number) => Promise<BiddingSlice>,
  warm: BiddingSlice[],
): Promise<number> {
  let best = { seats: 0, decided: 0 }
  for (const seats of options.size.saturation) {
    const slice = await bid(seats)
    warm.push(slice)
    const decided = decidedPerSecond([slice])
    say(`${seats} bidders: ${Math.round(decided)} bids/s`)
    if (decided < best.decided * worthIt) break
    best = { seats, decided }
  }
  return best.seats
}
