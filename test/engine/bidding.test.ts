import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { keys } from '../../src/engine/keyspace.ts'
import { encodeJson } from '../../src/engine/codec.ts'
import type { Locks } from '../../src/recipes/lock.ts'
import { ada, ben, createTestCluster, newAuction } from './test-cluster.ts'
import type { TestCluster, TestNode } from './test-cluster.ts'

let cluster: TestCluster
beforeEach(() => (cluster = createTestCluster()))
afterEach(() => cluster.stop())

let count = 0
const bid = (node: TestNode, auctionId: string, amount: number, over = {}): Promise<BidOutcome> =>
  node.engine.bidding.place({
    auctionId,
    bidId: `bid-${String(++count).padStart(8, '0')}`,
    bidder: ada,
    amountMinor: amount * 100,
    ...over,
  })
async function open(node: TestNode, over = {}): Promise<string> {
  const created = await node.engine.catalogue.create(newAuction(over))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
async function settled<T>(promise: Promise<T>, ms = 50): Promise<T> {
  await cluster.clock.advance(ms)
  return promise
}
const eventsOf = async (node: TestNode, id: string) =>
  (await settled(node.engine.catalogue.events(id, { after: 0, limit: 100_000 })))?.events ?? []

describe('an answer that got lost', () => {
  it('is found again: the bid stands once and is told as accepted', async () => {
    const node = await cluster.addNode()
    const id = await open(node)
    await settled(bid(node, id, 100))
    cluster.world.dropReply(node.store.session)
    const outcome = await settled(bid(node, id, 101, { bidId: 'lost-reply' }), 8_000)
    expect(outcome).toMatchObject({ outcome: 'accepted', seq: 4 })
    const seqs = (await eventsOf(node, id)).filter(({ event }) => event.type === 'BidAccepted')
    expect(seqs).toHaveLength(2)
  })

  it('while the store stays silent is told as unknown, and settled by the same bidId on another node', async () => {
    const [n1, n2] = [await cluster.addNode(), await cluster.addNode()]
    const id = await open(n1)
    await settled(bid(n1, id, 100))
    cluster.world.dropReply(n1.store.session)
    const pending = bid(n1, id, 101, { bidId: 'same-everywhere' })
    await cluster.clock.advance(1)
    cluster.world.silence(n1.store.session)
    await cluster.clock.advance(15_000)
    expect(await pending).toMatchObject({ outcome: 'unknown' })
    const settledBid = await settled(bid(n2, id, 101, { bidId: 'same-everywhere' }), 3_000)
    expect(settledBid).toMatchObject({ outcome: 'accepted', seq: 4 })
    cluster.world.heal(n1.store.session)
    await cluster.clock.advance(10_000)
    const again = await settled(bid(n1, id, 101, { bidId: 'same-everywhere' }), 1_000)
    expect(again).toEqual(settledBid)
  })
})

describe('a store that does not serve', () => {
  it('refuses what was not sent at once, not for good, and bids go on afterwards', async () => {
    const node = await cluster.addNode()
    const id = await open(node)
    cluster.world.silence(node.store.session)
    await cluster.clock.advance(3_000)
    expect(node.engine.cluster.service.state).toBe('paused')
    expect(await bid(node, id, 100)).toMatchObject({ code: 'store-unavailable', final: false })
    cluster.world.heal(node.store.session)
    await cluster.clock.advance(10_000)
    expect(node.engine.cluster.service.state).toBe('serving')
    expect(await settled(bid(node, id, 100), 2_000)).toMatchObject({ outcome: 'accepted' })
  })
})

describe('the ids of accepted bids', () => {
  it('are known to a node that never saw the auction, after hundreds of bids', async () => {
    const n1 = await cluster.addNode()
    const id = await open(n1, { durationMs: 3_600_000 })
    for (let from = 0; from < 5_000; from += 100) {
      const some = Array.from({ length: 100 }, (_, n) =>
        bid(n1, id, 100 + from + n, { bidId: `numbered-${from + n}` }),
      )
      await settled(Promise.all(some))
    }
    const head = await n1.store.get(keys.head(id))
    expect(head?.value.byteLength).toBeLessThan(32 * 1024)
    const n2 = await cluster.addNode()
    const before = cluster.world.counts.get + cluster.world.counts.freshGet
    const again = await settled(bid(n2, id, 107, { bidId: 'numbered-7' }), 2_000)
    expect(again).toMatchObject({ outcome: 'accepted', seq: 10, amountMinor: 107_00 })
    expect(cluster.world.counts.get + cluster.world.counts.freshGet - before).toBeLessThan(30)
    const other = await settled(bid(n2, id, 99_999, { bidId: 'numbered-4321' }), 2_000)
    expect(other).toMatchObject({ code: 'bid-id-reused' })
    const stranger = await settled(
      bid(n2, id, 99_999, { bidId: 'numbered-4321', bidder: ben }),
      2_000,
    )
    expect(stranger).toMatchObject({ outcome: 'accepted' })
  })
})

describe('safety does not rest on the lock', () => {
  it('with every node believing that it holds the lock, one order stands and no bid doubles', async () => {
    const everybody = (node: () => TestNode): Locks => ({
      async acquire(dir) {
        const key = `${dir}/anyone~${node().nodeId}`
        const { store } = node()
        await store.commit({
          guards: [],
          writes: [{ kind: 'create', key, value: encodeJson({}), ephemeral: store.session }],
        })
        const never = new AbortController().signal
        return {
          dir,
          guard: { kind: 'present', key },
          fencingToken: 1n,
          lost: never,
          wanted: never,
          release: async () => undefined,
        }
      },
    })
    const nodes: TestNode[] = []
    for (let n = 0; n < 3; n++) {
      nodes.push(await cluster.addNode({ locks: everybody(() => cluster.nodes[n]!) }))
    }
    const id = await open(nodes[0]!)
    cluster.world.latency = () => ({ requestMs: 1, replyMs: 1 })
    const pending: Promise<BidOutcome>[] = []
    for (let round = 0; round < 40; round++) {
      nodes.forEach((node, n) => pending.push(bid(node, id, 100 + round * 3 + n)))
      await cluster.clock.advance(3)
    }
    await cluster.clock.advance(12_000)
    const outcomes = await Promise.all(pending)
    const events = await eventsOf(nodes[1]!, id)
    const bids = events.filter(({ event }) => event.type === 'BidAccepted')
    const accepted = outcomes.filter((outcome) => outcome.outcome === 'accepted')
    expect(accepted.length).toBeGreaterThan(10)
    expect(new Set(bids.map(({ event }) => 'bidId' in event && event.bidId)).size).toBe(bids.length)
    for (const { seq, bidId, amountMinor } of accepted) {
      expect(events[seq - 1]?.event).toMatchObject({ bidId, amountMinor })
    }
    const prices = bids.map(({ event }) => (event.type === 'BidAccepted' ? event.amountMinor : 0))
    expect(prices).toEqual([...prices].sort((a, b) => a - b))
  })
})

describe('records', () => {
  it('that cannot be read take one auction out of service, not the node', async () => {
    const node = await cluster.addNode()
    const [bad, good] = [await open(node), await open(node)]
    const newer = encodeJson({ schema: 99 })
    await node.store.commit({
      guards: [],
      writes: [{ kind: 'put', key: keys.head(bad), value: newer }],
    })
    const other = await cluster.addNode()
    expect(await settled(bid(other, bad, 100))).toMatchObject({ code: 'quarantined', final: false })
    expect(await settled(bid(other, good, 100))).toMatchObject({ outcome: 'accepted' })
    await expect(other.engine.catalogue.get(bad)).rejects.toMatchObject({ code: 'quarantined' })
    expect((await other.engine.catalogue.list({ limit: 10 }))?.items.map((a) => a.id)).toEqual([
      good,
    ])
  })

  it('of one creation: the same idempotency key gives the same auction on any node', async () => {
    const [n1, n2] = [await cluster.addNode(), await cluster.addNode()]
    const wanted = newAuction({ idempotencyKey: 'create-once' })
    const first = await n1.engine.catalogue.create(wanted)
    const second = await n2.engine.catalogue.create(wanted)
    expect(first.ok && second.ok && first.record.id === second.record.id).toBe(true)
    const other = await n2.engine.catalogue.create({ ...wanted, title: 'Another' })
    expect(other).toEqual({ ok: false, code: 'idempotency-key-reused' })
    expect((await n1.engine.catalogue.list({ limit: 10 }))?.items).toHaveLength(1)
  })
})
