import { startPostgres } from '../references/postgres.ts'
import {
  acceptedShare,
  bidSlice,
  type BiddingSlice,
  coresOf,
  countsOf,
  decidedPerSecond,
  meanBatch,
  refusalNote,
} from '../bidding-slices.ts'
import { measureCommitSize } from '../commit-size.ts'
import { inTurns } from '../in-turns.ts'
import { checkJournals } from '../journal-check.ts'
import { latencyMs, type Pace, perSecond, sum } from '../pace.ts'
import { openAuctions, signIn } from '../sale.ts'
import type { Bench, Measure, Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

/** Against what everybody writes first: a lock for each bid; and against one row of a database. */
export const hot: Scenario = {
  name: 'hot',
  shows: 'one auction, closed-loop bidders on all nodes, each bid higher than any before',
  async run(bench) {
    const { options, say } = bench
    const stage = await bench.stage()
    const everywhere = await bidders(bench, stage, 'hot-all', stage.nodes)
    const oneNode = await bidders(bench, stage, 'hot-one', stage.nodes.slice(0, 1))
    const recipe = await lockPerBid(bench, stage)
    const rows = await rowLock(bench)
    const { warmUpMs, rounds, size } = options
    const ms = options.durationMs / rounds
    const turnsOf = (sliceMs: number) => ({
      everywhere: () => bidSlice(stage, everywhere, { ms: sliceMs }),
      recipe: () => recipe.ask('bid', { ms: sliceMs }),
      oneNode: () => bidSlice(stage, oneNode, { ms: sliceMs }),
      rows: async () => rows?.crew.ask('bid', { ms: sliceMs }),
    })
    say('warms up')
    const warm = await inTurns(1, turnsOf(warmUpMs))
    await bench.seeHeaps('start')
    say(`measures in ${rounds} turns of ${ms / 1_000} s`)
    const slices = await inTurns(rounds, turnsOf(ms))
    const busy = { [`${size.bidders} bidders`]: everywhere.busy, 'lock for each bid': recipe.busy }
    say('reads the journals')
    const all = [...warm.everywhere, ...warm.oneNode, ...slices.everywhere, ...slices.oneNode]
    const acknowledged = all.flatMap((run) => run.acknowledged)
    const checked = await checkJournals(stage.nodes, acknowledged)
    const lost = [
      ...lostBy('lock for each bid', await recipe.ask('bidCount', undefined), [
        ...warm.recipe.map(({ count }) => count),
        ...slices.recipe.map(({ count }) => count),
      ]),
      ...lostBy('row lock', await rows?.crew.ask('bidCount', undefined), [
        ...warm.rows.map((run) => run?.accepted ?? 0),
        ...slices.rows.map((run) => run?.accepted ?? 0),
      ]),
    ]
    const refusals = refusalNote(slices.everywhere)
    return {
      measures: measuresOf(slices),
      counts: countsOf(all),
      checked: { ...checked, complaints: [...checked.complaints, ...lost] },
      busy,
      cores: coresOf(slices.everywhere),
      notes: [
        `${meanBatch(slices.everywhere).toFixed(1)} accepted bids a commit; on one node ${meanBatch(slices.oneNode).toFixed(1)}`,
        ...(refusals === undefined ? [] : [refusals]),
        ...(rows === undefined ? ['PostgreSQL is not installed, or could not be run'] : []),
      ],
      versions: { ...stage.versions, ...(rows === undefined ? {} : { postgres: rows.version }) },
    }
  },
}

function measuresOf(slices: {
  everywhere: readonly BiddingSlice[]
  oneNode: readonly BiddingSlice[]
  recipe: readonly Pace[]
  rows: readonly (Pace | undefined)[]
}): Measure[] {
  const decided = { value: decidedPerSecond(slices.everywhere), unit: 'bids/s' }
  const rows = slices.rows.filter((slice) => slice !== undefined)
  const besideRows: Measure = {
    ...{ what: 'the same', ...decided, reach: { atLeast: 2 } },
    reference: { what: 'bids/s, a row lock in PostgreSQL', value: perSecond(rows) },
  }
  return [
    {
      ...{ what: 'decided under the lock', ...decided, reach: { atLeast: 25 } },
      reference: { what: 'bids/s, a lock for each bid', value: perSecond(slices.recipe) },
    },
    ...(rows.length === 0 ? [] : [besideRows]),
    {
      ...{ what: 'accepted share', unit: 'of answers', reach: { atLeast: 0.25 } },
      value: acceptedShare(slices.everywhere),
    },
    { what: 'p99 of an answer', value: latencyMs(slices.everywhere, 0.99), unit: 'ms' },
    { what: 'all on one node', value: decidedPerSecond(slices.oneNode), unit: 'bids/s' },
    {
      ...{ what: 'accepted share there', unit: 'of answers', reach: { atLeast: 0.9 } },
      value: acceptedShare(slices.oneNode),
    },
  ]
}

/** A reference that loses bids is none. */
function lostBy(name: string, stored: number | undefined, counts: readonly number[]): string[] {
  if (stored === undefined || stored === sum(counts)) return []
  return [`${name}: ${sum(counts)} bids were done, ${stored} are stored`]
}

async function bidders(bench: Bench, stage: Stage, name: string, nodes: Stage['nodes']) {
  const lanes = [await openAuctions(stage.nodes, 1)]
  const seats = await signIn(nodes, bench.options.size.bidders)
  return bench.crew('bidders', {
    ...{ name: `${name}-${bench.options.seed}`, lanes },
    seats: seats.map((seat) => ({ ...seat, lane: 0 })),
  })
}

async function lockPerBid(bench: Bench, stage: Stage) {
  const { headBytes } = await measureCommitSize(1)
  return bench.crew('lock-per-bid', {
    ...{ url: stage.referenceUrl('recipe'), connections: stage.nodes.length },
    ...{ bidders: bench.options.size.bidders, bytes: headBytes },
  })
}

async function rowLock(bench: Bench) {
  const postgres = await startPostgres()
  if (postgres === undefined) return undefined
  bench.later(() => postgres.stop())
  const { bidders: clients } = bench.options.size
  const crew = await bench.crew('row-lock', { port: postgres.port, clients })
  return { crew, version: postgres.version }
}
