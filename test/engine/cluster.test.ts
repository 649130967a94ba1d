import { afterEach, describe, expect, it, vi } from 'vitest'
import { keys } from '../../src/engine/keyspace.ts'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { must } from '../../src/lib/assert.ts'
import { decodeJson } from '../../src/recipes/json.ts'
import { createNodeClock } from '../recipes/node-clock.ts'
import { ada, ben, createRecorder, createTestCluster, newAuction, seller } from './test-cluster.ts'
import type { TestCluster, TestNode } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

async function open(node: TestNode, over = {}): Promise<string> {
  const created = await node.engine.catalogue.create(newAuction(over))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
let bidCount = 0
function bid(node: TestNode, auctionId: string, amount: number, over = {}): Promise<BidOutcome> {
  const bidId = `bid-${String(++bidCount).padStart(6, '0')}`
  const amountMinor = amount * 100
  return node.engine.bidding.place({ auctionId, bidId, bidder: ada, amountMinor, ...over })
}
async function settled<T>(promise: Promise<T>): Promise<T> {
  await cluster.clock.advance(50)
  return promise
}

describe('one node', () => {
  it('accepts a rising bid, refuses a low one for good, and tells the minimum', async () => {
    cluster = createTestCluster()
    const node = await cluster.addNode()
    expect(node.engine.isReady).toBe(true)
    const id = await open(node)
    expect(await settled(bid(node, id, 100))).toMatchObject({
      outcome: 'accepted',
      seq: 3,
      amountMinor: 100_00,
    })
    expect(await settled(bid(node, id, 100))).toMatchObject({
      outcome: 'rejected',
      code: 'bid-too-low',
      final: true,
      seq: 3,
      minimumNextBidMinor: 101_00,
    })
  })

  it('answers a repeated bid with its first acceptance, and refuses the id for another amount', async () => {
    cluster = createTestCluster()
    const node = await cluster.addNode()
    const id = await open(node)
    const first = await settled(bid(node, id, 100, { bidId: 'same-bid' }))
    await settled(bid(node, id, 105, { bidder: ben }))
    expect(await settled(bid(node, id, 100, { bidId: 'same-bid' }))).toEqual(first)
    expect(await settled(bid(node, id, 110, { bidId: 'same-bid' }))).toMatchObject({
      code: 'bid-id-reused',
      final: true,
    })
  })

  it('shows who asks for a bid what the store has of it, by one read of its slot', async () => {
    cluster = createTestCluster()
    const node = await cluster.addNode()
    const id = await open(node)
    await settled(bid(node, id, 100, { bidId: 'first' }))
    await settled(bid(node, id, 101, { bidId: 'second' }))
    const read = vi.spyOn(node.store, 'get')
    const found = await settled(node.engine.catalogue.bid(id, ada, 'first'))
    expect(found).toMatchObject({ found: true, acceptance: { amountMinor: 100_00 } })
    expect(read.mock.calls.map(([key]) => key)).toEqual([keys.slot(id, 2)])
    read.mockClear()
    expect(await settled(node.engine.catalogue.bid(id, ada, 'never'))).toEqual({
      found: false,
      final: false,
    })
    expect(read.mock.calls).toEqual([[keys.head(id), { fresh: true }]])
  })

  it('commits what waits in one batch and answers each', async () => {
    cluster = createTestCluster()
    const node = await cluster.addNode()
    const id = await open(node)
    await settled(bid(node, id, 100))
    const before = cluster.world.counts.commit
    const outcomes = await settled(
      Promise.all(Array.from({ length: 50 }, (_, i) => bid(node, id, 101 + i))),
    )
    expect(outcomes.map((o) => o.outcome === 'accepted' && o.seq)).toEqual(
      Array.from({ length: 50 }, (_, i) => 4 + i),
    )
    expect(cluster.world.counts.commit - before).toBeLessThanOrEqual(3)
  })

  it('closes once, after the grace, as sold; a late bid waits for the close', async () => {
    cluster = createTestCluster()
    const node = await cluster.addNode()
    const id = await open(node)
    await settled(bid(node, id, 100))
    await cluster.clock.advance(59_950)
    const late = bid(node, id, 101)
    await cluster.clock.advance(200)
    expect((await node.engine.catalogue.get(id))?.auction.phase).toBe('open')
    await cluster.clock.advance(1_000)
    expect(await late).toMatchObject({ outcome: 'rejected', code: 'closed', final: true })
    const record = await node.engine.catalogue.get(id)
    expect(record?.auction).toMatchObject({
      phase: 'closed',
      result: { outcome: 'sold', hammerPriceMinor: 100_00 },
    })
    const page = await node.engine.catalogue.events(id, { after: 0, limit: 100 })
    expect(page?.events.map(({ event }) => event.type)).toEqual([
      'AuctionCreated',
      'AuctionOpened',
      'BidAccepted',
      'AuctionClosed',
    ])
  })

  it('refuses seller, unknown auctions, and cancels before the first bid only', async () => {
    cluster = createTestCluster()
    const node = await cluster.addNode()
    const id = await open(node)
    expect(await settled(bid(node, id, 100, { bidder: seller }))).toMatchObject({
      code: 'seller-may-not-bid',
      final: true,
    })
    expect(await settled(bid(node, '01ARZ3NDEKTSV4RRFFQ69G5FAV', 100))).toMatchObject({
      code: 'no-such-auction',
    })
    expect(await settled(node.engine.catalogue.cancel(id, ada))).toMatchObject({
      ok: false,
      code: 'not-seller',
    })
    expect(await settled(node.engine.catalogue.cancel(id, seller))).toMatchObject({ ok: true })
    expect(await settled(bid(node, id, 100))).toMatchObject({ code: 'closed', final: true })
  })
})

describe('three nodes', () => {
  it('keep one order, whoever takes the bid, and show it everywhere', async () => {
    cluster = createTestCluster()
    const nodes = [await cluster.addNode(), await cluster.addNode(), await cluster.addNode()]
    const id = await open(nodes[0]!)
    const viewers = await Promise.all(
      nodes.map(async (node) => {
        const viewer = createRecorder()
        await settled(node.engine.feeds.subscribe(id, viewer))
        return viewer
      }),
    )
    const outcomes: Promise<BidOutcome>[] = []
    for (let round = 0; round < 20; round++) {
      nodes.forEach((node, index) => outcomes.push(bid(node, id, 100 + round * 3 + index)))
      await cluster.clock.advance(20)
    }
    await cluster.clock.advance(6_000)
    const accepted = (await Promise.all(outcomes)).filter((o) => o.outcome === 'accepted')
    expect(accepted.length).toBeGreaterThan(20)
    const page = await nodes[2]!.engine.catalogue.events(id, { after: 0, limit: 1_000 })
    for (const outcome of accepted) {
      expect(page?.events[outcome.seq - 1]?.event).toMatchObject({
        bidId: outcome.bidId,
        amountMinor: outcome.amountMinor,
      })
    }
    for (const viewer of viewers) {
      const seen = viewer.frames
        .filter((frame) => frame.type === 'events')
        .flatMap((frame) => frame.events as { seq: number }[])
      expect(seen.map(({ seq }) => seq)).toEqual(page?.events.slice(2).map(({ seq }) => seq))
    }
  })

  it('say at once that they do not know the time any more, and that they know it again', async () => {
    cluster = createTestCluster()
    const first = await cluster.addNode()
    const clock = createNodeClock(cluster.clock)
    const second = await cluster.addNode({ clock })
    await cluster.clock.advance(60_000)
    const saysReady = async () => {
      const { store } = first
      const leaves = await store.list('members')
      const key = must(leaves.find((leaf) => leaf.key.includes('/n2~'))?.key, 'key of n2')
      return decodeJson(must(await store.get(key), key).value)?.ready
    }
    expect(await saysReady()).toBe(true)
    clock.jumpWall(300_000)
    await cluster.clock.advance(1_500)
    expect(second.engine.isReady).toBe(false)
    expect(await saysReady()).toBe(false)
    await cluster.clock.advance(2_500)
    expect(second.engine.isReady).toBe(true)
    expect(await saysReady()).toBe(true)
  })

  it('another closes what is overdue when the leader dies', async () => {
    cluster = createTestCluster()
    const nodes = [await cluster.addNode(), await cluster.addNode(), await cluster.addNode()]
    const id = await open(nodes[1]!, { durationMs: 10_000 })
    const status = await settled(nodes[1]!.engine.cluster.status())
    const leader = nodes.find(({ nodeId }) => nodeId === status.leader?.nodeId)!
    cluster.world.silence(leader.store.session)
    await cluster.clock.advance(20_000)
    const other = nodes.find((node) => node !== leader)!
    const record = await settled(other.engine.catalogue.get(id))
    expect(record?.auction.phase).toBe('closed')
    const after = await settled(other.engine.cluster.status())
    expect(after.leader?.term).toBeGreaterThan(status.leader!.term)
    cluster.world.heal(leader.store.session)
    await cluster.clock.advance(10_000)
  })

  it('a close costs one commit where nobody stands in the queue, and stands in it where somebody does', async () => {
    cluster = createTestCluster()
    const nodes = [await cluster.addNode(), await cluster.addNode()]
    const quiet = await open(nodes[0]!, { durationMs: 10_000 })
    const busy = await open(nodes[0]!, { durationMs: 10_000 })
    await cluster.clock.advance(7_000)
    for (const node of nodes) await settled(bid(node, busy, 100 + nodes.indexOf(node)))
    const contended = new Map<string, number>()
    const { server } = cluster.world
    const apply = server.apply.bind(server)
    server.apply = (commit, sessionId) => {
      for (const { kind, key } of commit.writes) {
        const id = [quiet, busy].find((auctionId) => key.startsWith(`locks/${auctionId}/`))
        if (kind === 'create' && id !== undefined) contended.set(id, (contended.get(id) ?? 0) + 1)
      }
      return apply(commit, sessionId)
    }
    await cluster.clock.advance(5_000)
    for (const id of [quiet, busy]) {
      expect((await settled(nodes[1]!.engine.catalogue.get(id)))?.auction.phase).toBe('closed')
    }
    expect(contended.get(quiet)).toBeUndefined()
    expect(contended.get(busy)).toBe(1)
  })

  it('a dead holder is revoked and bidding goes on', async () => {
    cluster = createTestCluster()
    const nodes = [await cluster.addNode(), await cluster.addNode()]
    const id = await open(nodes[0]!)
    await settled(bid(nodes[1]!, id, 100))
    cluster.world.silence(nodes[1]!.store.session)
    const outcome = bid(nodes[0]!, id, 101)
    await cluster.clock.advance(3_000)
    expect(await outcome).toMatchObject({ outcome: 'accepted' })
    const told = nodes[0]!.engine.cluster.lockTurns()
    expect(told).toMatchObject([{ kind: 'revoked', auctionId: id, from: 'n2', count: 1 }])
    cluster.world.heal(nodes[1]!.store.session)
    await cluster.clock.advance(10_000)
    expect(turnsOf(nodes[1]!)).toEqual(['lost'])
  })

  it('a holder hands the lock over to who waits, and tells of hand-overs of a second as one', async () => {
    cluster = createTestCluster()
    const nodes = [await cluster.addNode(), await cluster.addNode()]
    const id = await open(nodes[0]!)
    const from = cluster.clock.monotonicMs()
    for (let amount = 100; amount < 110; amount++)
      await settled(bid(nodes[amount % 2]!, id, amount))
    expect(cluster.clock.monotonicMs() - from).toBeLessThan(1_000)
    await cluster.clock.advance(100)
    const told = nodes.flatMap(({ engine }) => engine.cluster.lockTurns())
    expect(told.every(({ kind, auctionId }) => kind === 'handed-over' && auctionId === id)).toBe(
      true,
    )
    expect(told).toHaveLength(2)
    expect(told.reduce((sum, { count }) => sum + count, 0)).toBe(9)
    await cluster.clock.advance(1_000)
    await settled(bid(nodes[0]!, id, 110))
    expect(turnsOf(nodes[1]!)).toEqual(['handed-over', 'handed-over'])
  })
})

const turnsOf = ({ engine }: TestNode) => engine.cluster.lockTurns().map(({ kind }) => kind)
