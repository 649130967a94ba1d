import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ada, createTestCluster, newAuction, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeEach(async () => {
  cluster = createTestCluster()
  for (let n = 0; n < 2; n++) await cluster.addNode()
})
afterEach(() => cluster.stop())

const states = () => cluster.nodes.map(({ engine }) => engine.cluster.service)
const engine = (n = 0) => cluster.nodes[n]!.engine

async function open(durationMs: number): Promise<string> {
  const created = await engine().catalogue.create(newAuction({ durationMs }))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
const phaseOf = async (id: string) => (await engine(1).catalogue.get(id))?.auction.phase

describe('a store without room', () => {
  it('is paused on every node, refuses bids at once, closes nothing, and serves again by itself', async () => {
    const id = await open(10_000)
    cluster.world.isFull = true
    await cluster.clock.advance(5_000)
    const full = { state: 'paused', reason: 'the store is full' }
    expect(states()).toEqual([full, full])
    expect(cluster.nodes.every(({ engine: { isReady } }) => !isReady)).toBe(true)
    const bid = { auctionId: id, bidId: 'b1', bidder: ada, amountMinor: 100_00 }
    expect(await engine().bidding.place(bid)).toMatchObject({ code: 'store-unavailable' })
    await cluster.clock.advance(20_000)
    expect(await phaseOf(id)).toBe('open')
    expect(states()).toEqual([full, full])
    cluster.world.isFull = false
    await cluster.clock.advance(3_000)
    expect(states()).toEqual([{ state: 'serving' }, { state: 'serving' }])
    await cluster.clock.advance(60_000)
    expect(await phaseOf(id)).toBe('closed')
    const page = await engine(1).catalogue.events(id, { after: 0, limit: 10 })
    expect(page?.events.map(({ event }) => event.type)).toContain('AuctionExtended')
  })

  it('is noticed by a bid before anything else', async () => {
    const id = await open(60_000)
    cluster.world.isFull = true
    const bid = { auctionId: id, bidId: 'b1', bidder: ada, amountMinor: 100_00 }
    const placed = engine(1).bidding.place(bid)
    await cluster.clock.advance(500)
    expect(await placed).toMatchObject({ outcome: 'rejected', code: 'store-unavailable' })
    cluster.world.isFull = false
    await cluster.clock.advance(3_000)
  })
})
