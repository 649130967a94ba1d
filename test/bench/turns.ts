import type { Metrics } from '../../src/lib/metrics.ts'
import { sleep } from '../../src/lib/clock.ts'
import type { NodeLinks } from '../../src/engine/forwarding.ts'
import { linkNodes } from '../engine/linked.ts'
import { createTestCluster, newAuction, type TestCluster } from '../engine/test-cluster.ts'
import { percentile } from '../faults/gaps.ts'

// npm run turns: how nodes take turns at one auction, and what a lock costs at many. On virtual time: every call to the store
// takes 2 ms there and back, answers reach bidders in 1 ms and other nodes in 1 ms each way, nothing else takes any time. So the figures are the same on every
// machine; they tell what the order of calls allows, not how fast a machine is.

const forMs = 1_000
const bidderCount = 64
const auctionCount = 667

await tellCrowd(1, 'in turns')
await tellCrowd(3, 'in turns')
await tellCrowd(3, 'forwarding')
await tellMany()
process.exit(0)

async function tellCrowd(nodeCount: number, how: 'in turns' | 'forwarding'): Promise<void> {
  const seen = { decided: 0, batches: 0, handOvers: 0 }
  const metrics: Metrics = {
    count(name) {
      if (name === 'lock_handovers_total') seen.handOvers++
    },
    observe(name, _value, labels = {}) {
      if (labels['stage'] === 'queue') seen.decided++
      if (name === 'batch_size') seen.batches++
    },
    gauge: () => undefined,
  }
  const cluster = createTestCluster()
  const over = how === 'forwarding' ? { metrics, links: slowLinks(cluster) } : { metrics }
  for (let n = 0; n < nodeCount; n++) await cluster.addNode(over)
  const [id] = await openAuctions(cluster, 1)
  const { clock } = cluster
  const latenciesMs: number[] = []
  let accepted = 0
  let step = 0
  const endMs = clock.monotonicMs() + forMs
  const bidder = async (n: number) => {
    const { bidding } = cluster.nodes[n % nodeCount]!.engine
    while (clock.monotonicMs() < endMs) {
      const sentMs = clock.monotonicMs()
      const bid = { bidId: `bid-${++step}-of-turns`, amountMinor: 10_000 + step * 100 }
      const who = { id: `bidder-${n}`, name: `Bidder ${n}` }
      const { outcome } = await bidding.place({ auctionId: id!, bidder: who, ...bid })
      if (outcome === 'accepted') accepted++
      latenciesMs.push(clock.monotonicMs() - sentMs)
      await sleep(clock, 1)
    }
  }
  const all = Promise.all(Array.from({ length: bidderCount }, (_, n) => bidder(n)))
  await clock.advance(forMs + 1_000)
  await all
  const share = accepted / latenciesMs.length
  console.log(
    `${nodeCount} node${nodeCount > 1 ? `s, ${how}` : ''}: ${accepted} accepted in a second, ${(share * 100).toFixed(0)} % of ${latenciesMs.length}; ` +
      `${seen.decided} decided under the lock; ${seen.batches} commits, ${seen.handOvers} hand-overs; ` +
      `p50 ${percentile(latenciesMs, 0.5)} ms, p99 ${percentile(latenciesMs, 0.99)} ms`,
  )
}

function slowLinks(cluster: TestCluster): NodeLinks {
  const { links } = linkNodes(cluster)
  return {
    async forward(to, forwarded, withinMs) {
      await sleep(cluster.clock, 1)
      const answered = await links.forward(to, forwarded, withinMs)
      await sleep(cluster.clock, 1)
      return answered
    },
  }
}

/** One bidder on one node goes through as many auctions as are a third of two thousand, twice. */
async function tellMany(): Promise<void> {
  const cluster = createTestCluster()
  await cluster.addNode()
  const ids = await openAuctions(cluster, auctionCount)
  const { clock, world } = cluster
  const { bidding } = cluster.nodes[0]!.engine
  const bidder = { id: 'bidder', name: 'Bidder' }
  let before = 0
  for (const round of [1, 2]) {
    before = world.counts.commit
    const bids = ids.map((auctionId, n) => async () => {
      const bidId = `bid-${round}-${n}-of-turns`
      return bidding.place({ auctionId, bidder, bidId, amountMinor: 10_000 * round })
    })
    for (const bid of bids) {
      const placed = bid()
      await clock.advance(10)
      await placed
    }
  }
  const commits = (world.counts.commit - before) / auctionCount
  console.log(
    `${auctionCount} auctions on one node, one after the other: ${commits.toFixed(2)} commits a bid`,
  )
}

async function openAuctions(cluster: TestCluster, count: number): Promise<string[]> {
  const { clock, world, nodes } = cluster
  const made = Promise.all(
    Array.from({ length: count }, () =>
      nodes[0]!.engine.catalogue.create(newAuction({ durationMs: 3_600_000 })),
    ),
  )
  await clock.advance(100)
  const ids = (await made).flatMap((created) => (created.ok ? [created.record.id] : []))
  world.latency = () => ({ requestMs: 1, replyMs: 1 })
  return ids
}
