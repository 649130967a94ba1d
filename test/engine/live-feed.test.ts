import { afterEach, beforeEach, expect, it } from 'vitest'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { ada, createRecorder, createTestCluster, newAuction } from './test-cluster.ts'
import type { TestCluster, TestNode } from './test-cluster.ts'

let cluster: TestCluster
let n1: TestNode
let n2: TestNode
let id: string
beforeEach(async () => {
  cluster = createTestCluster()
  n1 = await cluster.addNode()
  n2 = await cluster.addNode()
  const created = await n1.engine.catalogue.create(newAuction({ durationMs: 3_600_000 }))
  if (!created.ok) throw new Error(created.code)
  id = created.record.id
})
afterEach(() => cluster.stop())

let amount = 100
const bid = async (node: TestNode): Promise<BidOutcome> => {
  const bidId = `feed-bid-${amount}`
  const request = { auctionId: id, bidId, bidder: ada, amountMinor: amount++ * 100 }
  const outcome = node.engine.bidding.place(request)
  await cluster.clock.advance(1_500)
  return outcome
}
const seqsOf = (frames: Record<string, unknown>[]) =>
  frames
    .filter(({ type }) => type === 'events')
    .flatMap(({ events }) => (events as { seq: number }[]).map(({ seq }) => seq))

it('a newcomer gets a snapshot, then every event from there, also of bids on another node', async () => {
  await bid(n1)
  const viewer = createRecorder()
  await n2.engine.feeds.subscribe(id, viewer)
  expect(viewer.frames[0]).toMatchObject({ type: 'snapshot', record: { auction: { seq: 3 } } })
  await bid(n1)
  await bid(n2)
  await bid(n1)
  expect(seqsOf(viewer.frames)).toEqual([4, 5, 6])
})

it('a snapshot shows the newest events, however few of them the newest commit had', async () => {
  for (let n = 0; n < 3; n++) await bid(n1)
  const viewer = createRecorder()
  await n2.engine.feeds.subscribe(id, viewer)
  const { recent } = viewer.frames[0] as { recent: { seq: number }[] }
  expect(recent.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5])
})

it('who comes back with a position gets exactly what was missed, on another node too', async () => {
  const viewer = createRecorder()
  const subscription = await n1.engine.feeds.subscribe(id, viewer)
  await bid(n1)
  subscription!.end()
  const epoch = (viewer.frames[0] as { record: { epoch: string } }).record.epoch
  for (let n = 0; n < 5; n++) await bid(n % 2 === 0 ? n1 : n2)
  const back = createRecorder()
  await n2.engine.feeds.subscribe(id, back, { epoch, seq: 3 })
  expect(back.frames[0]).toMatchObject({ type: 'events', prevSeq: 3, seq: 8 })
  expect(seqsOf(back.frames)).toEqual([4, 5, 6, 7, 8])
})

it('a position of another history, or ahead of every node, is answered with a snapshot', async () => {
  await bid(n1)
  const [other, ahead] = [createRecorder(), createRecorder()]
  await n1.engine.feeds.subscribe(id, other, { epoch: 'another', seq: 1 })
  await n1.engine.feeds.subscribe(id, ahead, { epoch: await epochOf(), seq: 99 })
  expect(other.frames[0]?.type).toBe('snapshot')
  expect(ahead.frames[0]?.type).toBe('snapshot')
})
const epochOf = async () => (await n1.engine.catalogue.get(id))!.epoch

it('a slow viewer is skipped, then gets a snapshot; too slow, it is given up; others miss nothing', async () => {
  const [slow, hopeless, quick] = [createRecorder(), createRecorder(), createRecorder()]
  for (const viewer of [slow, hopeless, quick]) await n1.engine.feeds.subscribe(id, viewer)
  slow.buffered = hopeless.buffered = 300 * 1024
  await bid(n1)
  await bid(n1)
  expect(seqsOf(slow.frames)).toEqual([])
  slow.buffered = 0
  await cluster.clock.advance(1_000)
  expect(slow.frames.at(-1)).toMatchObject({ type: 'snapshot', record: { auction: { seq: 4 } } })
  await bid(n1)
  expect(seqsOf(slow.frames)).toEqual([5])
  await cluster.clock.advance(11_000)
  expect(hopeless.frames.at(-1)?.type).toBe('too-slow')
  expect(seqsOf(quick.frames)).toEqual([3, 4, 5])
})

it('rings that merge lose nothing: a node cut off from the store catches up from the log', async () => {
  const viewer = createRecorder()
  await n2.engine.feeds.subscribe(id, viewer)
  cluster.world.silence(n2.store.session)
  for (let n = 0; n < 6; n++) await bid(n1)
  cluster.world.heal(n2.store.session)
  await cluster.clock.advance(10_000)
  await bid(n1)
  expect(seqsOf(viewer.frames)).toEqual([3, 4, 5, 6, 7, 8, 9])
})

it('a viewer hears the newest bid, though reading it failed and nothing rings any more', async () => {
  const viewer = createRecorder()
  await n2.engine.feeds.subscribe(id, viewer)
  await bid(n1)
  const { session } = n2.store
  // Every plain read of this node is lost, while its session goes on.
  cluster.world.latency = (kind, of) => ({
    requestMs: kind === 'get' && of.id === session.id ? Infinity : 0,
    replyMs: 0,
  })
  await bid(n1)
  expect(seqsOf(viewer.frames)).toEqual([3])
  cluster.world.latency = undefined
  await cluster.clock.advance(4_000)
  expect(seqsOf(viewer.frames)).toEqual([3, 4])
})
