import { bidSlice, type BiddingSlice, coresOf, countsOf } from '../bidding-slices.ts'
import { measureCommitSize } from '../commit-size.ts'
import { inTurns } from '../in-turns.ts'
import { checkJournals } from '../journal-check.ts'
import { latencyMs, perSecond, sum } from '../pace.ts'
import { openAuctions, signIn } from '../sale.ts'
import type { Measure, Scenario } from '../scenario.ts'

const roundsToVisitMax = 20

/** Bids that nobody else competes for: what is left is the way of a bid, and who holds which lock. */
export const many: Scenario = {
  name: 'many',
  shows:
    'bids spread evenly over many open auctions: by bidders on any node, and by those who keep to a node for each auction',
  async run(bench) {
    const { options, say } = bench
    const { bidders, auctions } = options.size
    const stage = await bench.stage()
    say(`opens ${auctions} auctions twice`)
    const anywhere = await openAuctions(stage.nodes, auctions)
    const homes = await openAuctions(stage.nodes, auctions)
    const seats = await signIn(stage.nodes, bidders * 2)
    const { nodes } = stage
    const crew = {
      any: await bench.crew('bidders', {
        ...{ name: `many-any-${options.seed}`, lanes: [anywhere] },
        seats: seats.map((seat) => ({ ...seat, lane: 0 })),
      }),
      home: await bench.crew('bidders', {
        name: `many-home-${options.seed}`,
        lanes: nodes.map((_, node) => homes.filter((_id, n) => n % nodes.length === node)),
        seats: seats.map((seat, index) => ({ ...seat, lane: index % nodes.length })),
      }),
    }
    const raw = await bench.crew('raw-commits', {
      ...{ url: stage.referenceUrl('raw'), connections: nodes.length, keys: auctions },
      ...(await measureCommitSize(1)),
    })
    const width = Math.min(seats.length, auctions)
    const ms = options.durationMs / options.rounds
    const rawSlice = () => raw.ask('commit', { ms, width })
    const turns = `${options.rounds} turns of ${ms / 1_000} s`
    say('warms up')
    const warm: Awaited<ReturnType<typeof crew.any.ask<'bid'>>>[] = []
    // The first bid of all at an auction takes its lock, and the first on each node reads who has it; measured is what comes after.
    const visit = async (who: 'any' | 'home', how: string) => {
      const enough = who === 'any' ? 2 * nodes.length * auctions : auctions
      for (let visited = 0, tries = 0; visited < enough && tries < roundsToVisitMax; tries++) {
        say(`visits ${auctions} auctions, ${how}`)
        const visits = await crew[who].ask('bid', { ms: options.warmUpMs })
        visited += visits.accepted
        warm.push(visits)
      }
    }
    await visit('any', 'each by any node')
    await raw.ask('commit', { ms: options.warmUpMs, width })
    await bench.seeHeaps('start')
    say(`measures bidders on any node in ${turns}`)
    const any = await inTurns(options.rounds, {
      any: () => bidSlice(stage, crew.any, { ms }),
      raw: rawSlice,
    })
    await visit('home', 'each by a node of its own')
    say(`measures a node for each auction in ${turns}`)
    const home = await inTurns(options.rounds, {
      home: () => bidSlice(stage, crew.home, { ms }),
      raw: rawSlice,
    })
    const slices = { any: any.any, home: home.home }
    const measureOf = (
      what: string,
      runs: readonly BiddingSlice[],
      raws: Parameters<typeof perSecond>[0],
    ): Measure => ({
      ...{ what, unit: 'acknowledged bids/s', reach: { atLeast: 0.5 } },
      reference: { what: 'raw guarded commits/s', value: perSecond(raws) },
      value: perSecond(runs.map(({ accepted: count, tookMs }) => ({ count, tookMs }))),
    })
    const runs = [...warm, ...slices.any, ...slices.home]
    const perBid = (of: readonly BiddingSlice[]) =>
      sum(of.map(({ handOvers }) => handOvers)) / sum(of.map(({ count }) => count))
    say('reads the journals')
    return {
      measures: [
        measureOf('bidders on any node', slices.any, any.raw),
        measureOf('a node for each auction', slices.home, home.raw),
        { what: 'p99, any node', value: latencyMs(slices.any, 0.99), unit: 'ms' },
        { what: 'p99, a node for each', value: latencyMs(slices.home, 0.99), unit: 'ms' },
      ],
      counts: countsOf(runs),
      checked: await checkJournals(
        nodes,
        runs.flatMap(({ acknowledged }) => acknowledged),
      ),
      busy: { bidders: crew.any.busy, 'raw commits': raw.busy },
      cores: coresOf(slices.home),
      notes: [
        `locks that came from another node, by bid: ${perBid(slices.any).toFixed(2)} and ${perBid(slices.home).toFixed(2)}`,
      ],
      versions: stage.versions,
    }
  },
}
