import { must } from '../../../src/lib/assert.ts'
import { type Memory, memoryOf, nodeWithMemory } from '../memory.ts'
import { openAuctions } from '../sale.ts'
import type { Bench, Measure, Scenario } from '../scenario.ts'

const auctionBytesMax = 4 * 1024

/** What it costs to keep people and auctions, when nothing happens. */
export const idle: Scenario = {
  name: 'idle',
  shows: 'memory of a node for each idle viewer and each open auction',
  needs: ({ store }) =>
    store === 'memory' ? 'the store and all nodes are in one process' : undefined,
  async run(bench) {
    const sockets = await ofViewers(bench)
    const auctions = await ofAuctions(bench)
    return {
      measures: [...sockets.measures, ...auctions.measures],
      counts: { acknowledged: 0, refused: 0, unknown: 0 },
      checked: { count: 0, complaints: [] },
      notes: ['after garbage was collected on both sides; bytes are differences by count'],
      nodes: 1,
      versions: auctions.versions,
    }
  },
}

async function ofViewers(bench: Bench) {
  const { viewers: count } = bench.options.size.idle
  const stage = await bench.stage({ nodeCount: 1, program: nodeWithMemory })
  const node = must(stage.nodes[0], 'node')
  const auctionId = must((await openAuctions(stage.nodes, 1))[0], 'auction')
  const emptyNode = await memoryOf(node, stage.folder)
  await bench.seeHeaps('start')
  bench.say(`${count} viewers come in, twice`)
  const room = await bench.crew('viewers', { url: node.url, auctionId, count, name: 'room' })
  const fullNode = await memoryOf(node, stage.folder)
  await bench.seeHeaps('end')
  await room.stop()
  const bare = await bench.crew('bare-sockets', { frame: undefined })
  const address = await bare.ask('address', undefined)
  const emptyBare = await bare.ask('memory', undefined)
  await bench.crew('viewers', { ...address, auctionId, count, name: 'loop' })
  const fullBare = await bare.ask('memory', undefined)
  const measureOf = (what: string, pick: (memory: Memory) => number): Measure => ({
    ...{ what: `a viewer: ${what}`, unit: 'bytes' },
    value: (pick(fullNode) - pick(emptyNode)) / count,
    reference: {
      what: 'bytes, bare ws',
      value: (pick(fullBare) - pick(emptyBare)) / count,
    },
    reach: { atMost: 2 },
  })
  return {
    measures: [
      measureOf('resident', ({ rss }) => rss),
      measureOf('heap and buffers', ({ used }) => used),
    ],
  }
}

async function ofAuctions(bench: Bench) {
  const { auctions: count } = bench.options.size.idle
  const stage = await bench.stage({ nodeCount: 1, program: nodeWithMemory })
  const node = must(stage.nodes[0], 'node')
  const empty = await memoryOf(node, stage.folder)
  await bench.seeHeaps('start')
  bench.say(`opens ${count} auctions`)
  await openAuctions(stage.nodes, count)
  const full = await memoryOf(node, stage.folder)
  const used = (full.used - empty.used) / count
  const measures: Measure[] = [
    {
      ...{ what: 'an open auction: heap and buffers', value: used, unit: 'bytes' },
      reach: { atMost: auctionBytesMax },
    },
    {
      what: 'an open auction: resident',
      ...{ value: (full.rss - empty.rss) / count, unit: 'bytes' },
    },
  ]
  return { measures, versions: stage.versions }
}
