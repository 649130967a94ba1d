import { afterEach, beforeEach, expect, it } from 'vitest'
import { engineLimits } from '../../src/engine/limits.ts'
import { sleep } from '../../src/lib/clock.ts'
import { createTestCluster, newAuction, type TestCluster, type TestNode } from './test-cluster.ts'

const commitMs = 4
const roundCount = 10
let cluster: TestCluster
let node: TestNode
let auctionId: string

beforeEach(async () => {
  cluster = createTestCluster()
  node = await cluster.addNode()
  const created = await node.engine.catalogue.create(newAuction())
  if (!created.ok) throw new Error(created.code)
  auctionId = created.record.id
  // It has the lock by then.
  const first = { bidId: 'first-of-all', amountMinor: 10_000, bidder: { id: 'ada', name: 'Ada' } }
  const placed = node.engine.bidding.place({ auctionId, ...first })
  await cluster.clock.advance(50)
  await placed
  cluster.world.latency = () => ({ requestMs: commitMs / 2, replyMs: commitMs / 2 })
})
afterEach(() => cluster.stop())

/** So many who bid again as soon as they hear, each a little later than the one before; the commits and the time it took. */
async function bidInRounds(bidderCount: number): Promise<{ commits: number; tookMs: number }> {
  const { clock, world } = cluster
  let amount = 0
  const bidder = async (n: number) => {
    for (let round = 0; round < roundCount; round++) {
      await sleep(clock, ((n + 1) * engineLimits.gatherMs) / 2 / bidderCount)
      const bidId = `bid-${n}-of-round-${round}`
      const who = { id: `bidder-${n}`, name: `Bidder ${n}` }
      const amountMinor = 10_000 + ++amount * 100
      await node.engine.bidding.place({ auctionId, bidder: who, bidId, amountMinor })
    }
  }
  const before = world.counts.commit
  const beganMs = clock.monotonicMs()
  let tookMs = 0
  const all = Promise.all(Array.from({ length: bidderCount }, (_, n) => bidder(n))).then(() => {
    tookMs = clock.monotonicMs() - beganMs
  })
  await clock.advance(1_000)
  await all
  return { commits: world.counts.commit - before, tookMs }
}

it('commits what comes back after the answers to a batch together', async () => {
  const { commits, tookMs } = await bidInRounds(20)
  // One more where the first of all goes alone, the beacons of a second, and the marks of who bid, all in one.
  expect(commits).toBeLessThanOrEqual(roundCount + 4)
  // When all are back nobody is waited for.
  expect(tookMs).toBeLessThanOrEqual((roundCount + 1) * (commitMs + engineLimits.gatherMs / 2) + 2)
})

it('lets nobody wait for others who did not bid before', async () => {
  const { tookMs } = await bidInRounds(1)
  expect(tookMs).toBeLessThanOrEqual(roundCount * (commitMs + engineLimits.gatherMs / 2) + 1)
})
