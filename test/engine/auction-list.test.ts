import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ada, createTestCluster, newAuction, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeEach(async () => {
  cluster = createTestCluster()
  for (let n = 0; n < 2; n++) await cluster.addNode()
})
afterEach(() => cluster.stop())

const engine = (n: number) => cluster.nodes[n]!.engine
async function open(over = {}): Promise<string> {
  const created = await engine(0).catalogue.create(newAuction({ durationMs: 600_000, ...over }))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
const listOf = async (n: number, query: object = {}) =>
  (await engine(n).catalogue.list({ limit: 200, ...query }))!.items
const idsOf = async (n: number, query: object = {}) => (await listOf(n, query)).map(({ id }) => id)

describe('the list of auctions', () => {
  it('tells on another node what came, moved, closed and was cancelled within about a second', async () => {
    const first = await open()
    expect(await idsOf(1)).toEqual([first])
    const softClose = { mode: 'add', windowMs: 20_000, extensionMs: 1_000_000 }
    const late = await open({ durationMs: 30_000, softClose })
    const gone = await open({ durationMs: 700_000 })
    await cluster.clock.advance(1_100)
    expect(await idsOf(1)).toEqual([late, first, gone])
    await engine(0).catalogue.cancel(gone, newAuction().seller)
    await cluster.clock.advance(15_000)
    expect(await idsOf(1, { phase: 'cancelled' })).toEqual([gone])
    const placed = engine(0).bidding.place({
      ...{ auctionId: late, bidId: 'b', bidder: ada, amountMinor: 100_00 },
    })
    await cluster.clock.advance(1_100)
    expect(await placed).toMatchObject({ outcome: 'accepted' })
    expect(await idsOf(1, { phase: 'open' })).toEqual([first, late])
    expect((await listOf(1, { phase: 'open' }))[1]?.auction.bidCount).toBe(1)
    await cluster.clock.advance(600_000)
    expect(await idsOf(1, { phase: 'open' })).toEqual([late])
    expect(await idsOf(1, { phase: 'closed' })).toEqual([first])
  })

  it('costs no read for each auction that nobody asks for', async () => {
    for (let n = 0; n < 100; n++) await open()
    await idsOf(1)
    await cluster.clock.advance(1_100)
    await idsOf(1)
    await cluster.clock.advance(1_100)
    const before = { ...cluster.world.counts }
    await engine(1).catalogue.list({ limit: 1 })
    expect(cluster.world.counts.get - before.get).toBeLessThan(10)
  })
})

describe('auctions beyond a limit', () => {
  it('are refused by seller and in all, and let in again when one is over', async () => {
    const liveLimits = { liveAuctionsMax: 3, liveAuctionsPerSellerMax: 2 }
    const node = await cluster.addNode({ liveLimits })
    const create = async (sellerId: string) => {
      await cluster.clock.advance(1_100)
      const seller = { id: sellerId, name: 'S' }
      const made = await node.engine.catalogue.create(newAuction({ seller, durationMs: 20_000 }))
      return made.ok ? 'created' : made
    }
    expect([await create('a'), await create('a')]).toEqual(['created', 'created'])
    const refused = { ok: false, code: 'too-many-auctions' }
    expect(await create('a')).toEqual({ ...refused, of: 'seller' })
    expect(await create('b')).toBe('created')
    expect(await create('c')).toEqual({ ...refused, of: 'cluster' })
    await cluster.clock.advance(30_000)
    expect(await create('a')).toBe('created')
  })

  it('are not what was created before under the same key', async () => {
    const liveLimits = { liveAuctionsMax: 100, liveAuctionsPerSellerMax: 1 }
    const { catalogue } = (await cluster.addNode({ liveLimits })).engine
    const auction = newAuction({ idempotencyKey: 'once' })
    const made = await catalogue.create(auction)
    if (!made.ok) throw new Error(made.code)
    const again = await catalogue.create(auction)
    expect(again).toMatchObject({ ok: true, record: { id: made.record.id } })
    const other = await catalogue.create({ ...auction, title: 'Another' })
    expect(other).toEqual({ ok: false, code: 'idempotency-key-reused' })
    const fresh = { ...auction, idempotencyKey: 'twice' }
    const refused = { ok: false, code: 'too-many-auctions', of: 'seller' }
    expect(await catalogue.create(fresh)).toEqual(refused)
    expect(await catalogue.createdBefore(fresh)).toBeUndefined()
  })
})
