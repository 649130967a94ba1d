import { must } from '../../../src/lib/assert.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { AuctionListJson, ClusterJson } from '../../../src/protocol/http.ts'
import { pause, timeUntil } from '../../faults/wait.ts'
import { addUp, growthOf, readCounters } from '../counters.ts'
import { quantileBetween } from '../histogram.ts'
import { readJournal } from '../journal-check.ts'
import { meterCores } from '../machine.ts'
import { inPortions, insist, openAuctions } from '../sale.ts'
import type { Bench, Scenario } from '../scenario.ts'
import type { Stage } from '../stage.ts'

const lateness = 'lotkeeper_close_lateness_seconds'
const loopLag = 'lotkeeper_nodejs_eventloop_lag_p99_seconds'
/** Opened first, to learn how long the others will take; they stay open. */
const trialCount = 100
const slackMs = 5_000
const closedWithinMs = 120_000

/** Thousands of ends at about the same time are all one leader's work. */
export const closings: Scenario = {
  name: 'closings',
  shows: 'auctions that end within seconds of each other',
  async run(bench) {
    const { options, say } = bench
    const { auctions: count, withinMs } = options.size.closings
    const stage = await bench.stage()
    // Not later: no node may stand still so shortly before the ends.
    await bench.seeHeaps('start')
    const { ids, lastEndMs } = await openEnding(bench, stage, count, withinMs)
    say(`waits for the ends, ${Math.round((lastEndMs - Date.now()) / 1_000)} s from now`)
    await pause(lastEndMs - withinMs - Date.now())
    // The lag of an event loop counts from the last look at it.
    const before = await readCounters(stage.nodes)
    const nodeCores = meterCores(stage.nodes.flatMap(({ pid }) => pid ?? []))
    await pause(lastEndMs - Date.now())
    await timeUntil(() => areOver(stage, lastEndMs), { withinMs: closedWithinMs, everyMs: 100 })
    const cores = { nodes: nodeCores() }
    const ofEach = await Promise.all(stage.nodes.map((node) => readCounters([node])))
    const after = addUp(ofEach)
    const leader = await leaderOf(stage)
    const lagMs = (ofEach[leader]?.get(loopLag) ?? NaN) * 1_000
    say('reads the journals')
    const complaints = await wrongEnds(stage, ids)
    const closes = growthOf(`${lateness}_count`, before, after)
    return {
      measures: [
        {
          what: 'end and grace to the close committed, p99',
          value: quantileBetween(lateness, 0.99, before, after) * 1_000,
          ...{ unit: 'ms', reach: { atMost: 250 } },
        },
        {
          what: 'the same, p50',
          ...{ value: quantileBetween(lateness, 0.5, before, after) * 1_000, unit: 'ms' },
        },
        {
          what: "lag of the leader's event loop, p99",
          value: lagMs,
          unit: 'ms',
          reach: { atMost: 50 },
        },
        { what: 'closes counted by the nodes', value: closes, unit: '' },
      ],
      counts: { acknowledged: 0, refused: 0, unknown: 0 },
      checked: { count: ids.length, complaints },
      cores,
      notes: [`${count} auctions; the journals say of each whether it closed once and not early`],
      versions: stage.versions,
    }
  },
}

/** Opens them all before the first one ends. @throws when the machine was slower than it seemed */
async function openEnding({ say }: Bench, stage: Stage, count: number, withinMs: number) {
  const startMs = Date.now()
  await openAuctions(stage.nodes, trialCount)
  const takesMs = ((Date.now() - startMs) * count) / trialCount
  const firstEndMs = Date.now() + takesMs * 1.5 + slackMs
  say(`opens ${count} auctions, which takes about ${Math.ceil(takesMs / 1_000)} s`)
  const endOf = (index: number) => Math.round(firstEndMs + (withinMs * index) / count)
  const ids = await openAuctions(stage.nodes, count, (index) => ({
    endsAt: new Date(endOf(index)).toISOString(),
  }))
  if (Date.now() > firstEndMs) throw new Error('the first auctions ended before the last was open')
  return { ids, lastEndMs: firstEndMs + withinMs }
}

/** Lists are ordered by their ends: what is open last of all is the trial. */
async function areOver(stage: Stage, lastEndMs: number): Promise<boolean> {
  const { url } = must(stage.nodes[0], 'node')
  const { items } = (await insist(url, '/auctions?phase=open&limit=1')) as AuctionListJson
  const [next] = items
  return next === undefined || Date.parse(next.endsAt) > lastEndMs
}

/** Its place among the nodes. */
async function leaderOf({ nodes }: Stage): Promise<number> {
  const { leader } = (await insist(must(nodes[0], 'node').url, '/cluster')) as ClusterJson
  return nodes.findIndex(({ nodeId }) => nodeId === leader?.nodeId)
}

async function wrongEnds({ nodes }: Stage, ids: readonly string[]): Promise<string[]> {
  const wrong = await inPortions(ids.length, async (index) => {
    const [id, node] = [must(ids[index], 'id'), must(nodes[index % nodes.length], 'node')]
    const journal = await readJournal(node.url, id)
    const closes = journal.filter(({ type }) => type === 'AuctionClosed')
    const { endsAt } = (await insist(node.url, `/auctions/${id}`)) as AuctionJson
    const isEarly = Date.parse(closes[0]?.at ?? '') < Date.parse(endsAt)
    if (closes.length !== 1) return [`${id} closed ${closes.length} times`]
    return isEarly ? [`${id} closed before its end`] : []
  })
  return wrong.flat()
}
