import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ada, ben, createTestCluster, newAuction, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeEach(() => (cluster = createTestCluster()))
afterEach(() => cluster.stop())

describe('where the time of a bid went', () => {
  it('is told by the node that took it: the line, the lock, the commit and how many it shared it with', async () => {
    const [n1, n2] = [await cluster.addNode(), await cluster.addNode()]
    const created = await n1.engine.catalogue.create(newAuction())
    if (!created.ok) throw new Error(created.code)
    const auctionId = created.record.id
    const place = (node: typeof n1, bidId: string, amount: number, bidder = ada) =>
      node.engine.bidding.place({ auctionId, bidId, bidder, amountMinor: amount * 100 })

    const first = place(n1, 'first-bid', 100)
    await cluster.clock.advance(1_000)
    await first
    // What comes in the same moment shares a commit.
    const crowd = [place(n1, 'third-bid', 120), place(n1, 'beside-third', 130, ben)]
    await cluster.clock.advance(1_000)
    await Promise.all(crowd)
    const timing = (node: typeof n1, bidId: string, bidder = ada) =>
      node.engine.bidding.timing(auctionId, bidder, bidId)
    expect(timing(n1, 'first-bid')).toMatchObject({ batchSize: 1 })
    expect(timing(n1, 'third-bid')).toMatchObject({ lockMs: 0, batchSize: 2 })

    // The holder falls silent: its lock has to be taken from it.
    cluster.world.silence(n1.store.session)
    const elsewhere = place(n2, 'fourth-bid', 140)
    await cluster.clock.advance(8_000)
    await elsewhere
    const fourth = timing(n2, 'fourth-bid')
    expect(fourth?.batchSize).toBe(1)
    expect(fourth?.lockMs).toBeGreaterThan(500)
    expect(timing(n1, 'fourth-bid')).toBeUndefined()
    expect(timing(n1, 'first-bid', ben)).toBeUndefined()
  })
})
