import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { keys } from '../../src/engine/keyspace.ts'
import { must } from '../../src/lib/assert.ts'
import { type Linked, linkNodes } from './linked.ts'
import { ada, ben, createTestCluster, newAuction } from './test-cluster.ts'
import type { TestCluster, TestNode } from './test-cluster.ts'

let cluster: TestCluster
let linked: Linked
let holder: TestNode
let other: TestNode
let auctionId: string

async function settled<T>(promise: Promise<T>, withinMs = 50): Promise<T> {
  await cluster.clock.advance(withinMs)
  return promise
}
function bid(node: TestNode, bidId: string, amount: number, bidder = ada): Promise<BidOutcome> {
  const amountMinor = amount * 100
  return node.engine.bidding.place({ auctionId, bidId: `bid-${bidId}`, bidder, amountMinor })
}
const places = () => other.store.list(keys.locks(auctionId))
async function bidsInJournal(): Promise<string[]> {
  const page = must(
    await other.engine.catalogue.events(auctionId, { after: 0, limit: 100 }),
    'page',
  )
  return page.events.flatMap(({ event }) => (event.type === 'BidAccepted' ? [event.bidId] : []))
}

beforeEach(async () => {
  cluster = createTestCluster()
  linked = linkNodes(cluster)
  const { links } = linked
  holder = await cluster.addNode({ links })
  other = await cluster.addNode({ links })
  const created = await holder.engine.catalogue.create(newAuction())
  if (!created.ok) throw new Error(created.code)
  auctionId = created.record.id
  expect(await settled(bid(holder, 'first', 100))).toMatchObject({ outcome: 'accepted', seq: 3 })
})
afterEach(() => cluster.stop())

describe('a bid at a node without the lock', () => {
  it('is decided by the holder; nobody queues, and its bidder is told the place', async () => {
    const commits = cluster.world.counts.commit
    expect(await settled(bid(other, 'away', 101))).toMatchObject({ outcome: 'accepted', seq: 4 })
    expect(cluster.world.counts.commit).toBe(commits + 1)
    expect(await places()).toHaveLength(1)
    expect(linked.sent.map(({ to }) => to.nodeId)).toEqual([holder.nodeId])
  })

  it('is in one line with those of the holder, in the order in which they came', async () => {
    const outcomes = await settled(
      Promise.all([bid(other, 'a', 101), bid(other, 'b', 102, ben), bid(other, 'c', 103)]),
    )
    expect(outcomes.map((one) => one.outcome === 'accepted' && one.seq)).toEqual([4, 5, 6])
    expect(await settled(bid(other, 'low', 102))).toMatchObject({
      code: 'bid-too-low',
      final: true,
    })
  })

  it('sent again anywhere, is answered by its first acceptance', async () => {
    const first = await settled(bid(other, 'same', 101))
    await settled(bid(holder, 'higher', 105, ben))
    expect(await settled(bid(other, 'same', 101))).toEqual(first)
    expect(await settled(bid(holder, 'same', 101))).toEqual(first)
    expect(await settled(bid(other, 'same', 110))).toMatchObject({ code: 'bid-id-reused' })
  })

  it('shows where its time went', async () => {
    await settled(bid(other, 'timed', 101))
    expect(other.engine.bidding.timing(auctionId, ada, 'bid-timed')).toMatchObject({ batchSize: 1 })
  })

  it('goes to the address that nodes reach the holder by', async () => {
    await settled(bid(other, 'to-the-url', 101))
    const presence = () => ({ url: 'http://n3', linkUrl: 'http://inside', pid: 1, version: '0' })
    const third = await cluster.addNode({ links: linked.links, presence })
    linked.fate = 'not-sent'
    await settled(bid(third, 'takes-the-lock', 102))
    linked.fate = 'through'
    await settled(bid(holder, 'to-the-link-url', 103))
    expect(linked.sent.map(({ to }) => to.url)).toEqual(['http://n1', 'http://inside'])
  })

  it('waits for the lock where the holder cannot be reached', async () => {
    linked.fate = 'not-sent'
    expect(await settled(bid(other, 'queued', 101))).toMatchObject({ outcome: 'accepted', seq: 4 })
    expect(linked.sent).toEqual([])
    // The holder finds who holds it now, and forwards in its turn.
    linked.fate = 'through'
    expect(await settled(bid(holder, 'back', 102))).toMatchObject({ outcome: 'accepted', seq: 5 })
    expect(linked.sent.map(({ to }) => to.nodeId)).toEqual([other.nodeId])
  })
})

describe('a forwarded bid that nobody answers', () => {
  it('stands once, where it landed, and is told so', async () => {
    linked.fate = 'answer-lost'
    expect(await settled(bid(other, 'landed', 101))).toMatchObject({ outcome: 'accepted', seq: 4 })
    expect(await bidsInJournal()).toEqual(['bid-first', 'bid-landed'])
    expect(linked.sent).toHaveLength(1)
  })

  it('that never came there is decided under the lock', async () => {
    linked.fate = 'question-lost'
    expect(await settled(bid(other, 'lost', 101))).toMatchObject({ outcome: 'accepted', seq: 4 })
    expect(await bidsInJournal()).toEqual(['bid-first', 'bid-lost'])
  })

  it('is not told that it was not counted: it may be', async () => {
    await settled(bid(other, 'through', 101))
    linked.fate = 'answer-lost'
    const told = bid(other, 'afloat', 102)
    // It is on its way; the way to the store goes before the answer is missed.
    cluster.world.silence(other.store.session)
    expect(await settled(told, 8_000)).toMatchObject({ outcome: 'unknown' })
    expect(await settled(holder.engine.catalogue.bid(auctionId, ada, 'bid-afloat'))).toMatchObject({
      found: true,
    })
  })
})

describe('the holder', () => {
  const forwarded = (lockKey: string, at: number) => ({
    ...{ auctionId, lockKey },
    bids: [{ bidId: 'bid-forwarded', bidder: ben, amountMinor: 105_00, at }],
  })
  const lockKey = async () => must((await places())[0], 'the lock').key
  const now = () => must(holder.engine.time.now(), 'cluster time')

  it('takes nothing that is bound to another key than the one it holds', async () => {
    const stale = forwarded(`${keys.locks(auctionId)}/earlier~1`, now())
    expect(await settled(holder.engine.bidding.takeForwarded(stale))).toEqual([null])
    expect(
      await settled(other.engine.bidding.takeForwarded(forwarded(await lockKey(), now()))),
    ).toEqual([null])
    expect(await bidsInJournal()).toEqual(['bid-first'])
  })

  it('decides none under a later key, when its own was taken away meanwhile', async () => {
    const key = await lockKey()
    await other.store.commit({ guards: [], writes: [{ kind: 'delete', key }] })
    const asked = holder.engine.bidding.takeForwarded(forwarded(key, now()))
    expect(await settled(asked, 6_000)).toEqual([null])
    expect(await bidsInJournal()).toEqual(['bid-first'])
    // Its own are decided under a new one.
    expect(await settled(bid(holder, 'own', 101))).toMatchObject({ outcome: 'accepted' })
  })

  it('does not keep one that is late for the end that it knows', async () => {
    const late = forwarded(await lockKey(), now() + 3_600_000)
    expect(await settled(holder.engine.bidding.takeForwarded(late))).toEqual([null])
  })

  it('that stops has decided all that it took', async () => {
    const asked = holder.engine.bidding.takeForwarded(forwarded(await lockKey(), now()))
    const stopped = holder.engine.stop()
    const [answer] = await settled(asked, 6_000)
    await stopped
    const isThere = (await bidsInJournal()).includes('bid-forwarded')
    expect(answer?.outcome.outcome === 'accepted').toBe(isThere)
  })
})
