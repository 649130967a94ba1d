import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuctionEvent } from '../../src/auction/events.ts'
import { createNodeClock } from '../recipes/node-clock.ts'
import { pend } from '../recipes/room.ts'
import { createTestCluster, newAuction, startThreeNodes } from './test-cluster.ts'
import type { TestCluster, TestNode } from './test-cluster.ts'

let cluster: TestCluster
let nodes: TestNode[]
beforeEach(async () => {
  cluster = await startThreeNodes()
  nodes = [...cluster.nodes]
})
afterEach(() => cluster.stop())

async function open(durationMs: number): Promise<string> {
  const created = await nodes[0]!.engine.catalogue.create(newAuction({ durationMs }))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
async function eventsOf(id: string): Promise<AuctionEvent[]> {
  const page = await nodes[1]!.engine.catalogue.events(id, { after: 0, limit: 100 })
  return page!.events.map(({ event }) => event)
}
const typesOf = async (id: string) => (await eventsOf(id)).map(({ type }) => type)
const loseQuorum = () => nodes.forEach(({ store }) => cluster.world.silence(store.session))
const regainQuorum = () => nodes.forEach(({ store }) => cluster.world.heal(store.session))

describe('a store without quorum over the end of an auction', () => {
  it('pauses every node, closes nothing meanwhile, and gives the lost time back once', async () => {
    const id = await open(30_000)
    const before = await open(5_000)
    await cluster.clock.advance(15_000)
    expect(await typesOf(before)).toContain('AuctionClosed')
    loseQuorum()
    await cluster.clock.advance(20_000)
    expect(nodes.map(({ engine }) => engine.cluster.service.state)).toEqual([
      'paused',
      'paused',
      'paused',
    ])
    regainQuorum()
    await cluster.clock.advance(10_000)
    const credits = (await eventsOf(id)).filter((event) => event.type === 'AuctionExtended')
    expect(credits).toHaveLength(1)
    expect(credits[0]).toMatchObject({ reason: 'outage' })
    expect(credits[0]!.endsAt - credits[0]!.from).toBeGreaterThan(10_000)
    await cluster.clock.advance(60_000)
    expect((await typesOf(id)).slice(2)).toEqual(['AuctionExtended', 'AuctionClosed'])
    expect((await typesOf(before)).filter((type) => type === 'AuctionClosed')).toHaveLength(1)
  })
})

describe('a leader that stood still as the quorum was lost, and is back before who saw it', () => {
  it('closes nothing before the lost time is given back', async () => {
    const clock = createNodeClock(cluster.clock)
    const sleeper = await cluster.addNode({ clock })
    const id = await open(30_000)
    await cluster.clock.advance(14_000)
    clock.freeze()
    await cluster.clock.advance(1_000)
    for (const { store } of [...nodes, sleeper]) cluster.world.silence(store.session)
    await cluster.clock.advance(6_000)
    clock.thaw()
    await cluster.clock.advance(10_000)
    cluster.world.heal(sleeper.store.session)
    await cluster.clock.advance(20_000)
    const page = await sleeper.engine.catalogue.events(id, { after: 0, limit: 100 })
    const [credit, close] = page!.events.map(({ event }) => event).slice(2)
    expect(credit).toMatchObject({ type: 'AuctionExtended', reason: 'outage' })
    if (credit?.type !== 'AuctionExtended') return
    expect(credit.endsAt - credit.at).toBeGreaterThan(12_000)
    expect(credit.endsAt - credit.at).toBeLessThanOrEqual(16_000)
    expect(close).toMatchObject({ type: 'AuctionClosed' })
    regainQuorum()
    await cluster.clock.advance(10_000)
  })
})

describe('a node alone that stands still twice over the end of an auction', () => {
  it.each([220, 400])('gives both times back, %i ms awake in between', async (awakeMs) => {
    const alone = createTestCluster()
    const clock = createNodeClock(alone.clock)
    const { engine } = await alone.addNode({ clock })
    const created = await engine.catalogue.create(newAuction({ durationMs: 30_000 }))
    if (!created.ok) throw new Error(created.code)
    const { id, auction } = created.record
    const freeze = async (ms: number) => {
      clock.freeze()
      await alone.clock.advance(ms)
      clock.thaw()
    }
    await alone.clock.advance(auction.endsAt - 6_000 - engine.time.now()!)
    await freeze(6_050)
    await alone.clock.advance(awakeMs)
    await freeze(12_000)
    await alone.clock.advance(30_000)
    const page = await engine.catalogue.events(id, { after: 0, limit: 100 })
    const [first, second, close] = page!.events.map(({ event }) => event).slice(2)
    const given = [first, second].map((event) =>
      event?.type === 'AuctionExtended' ? event.endsAt - event.at : 0,
    )
    expect(given[0]).toBeGreaterThan(5_500)
    expect(given[1]).toBeGreaterThan(5_000)
    expect(close?.type).toBe('AuctionClosed')
    await alone.stop()
  })
})

describe('a store that takes long to commit', () => {
  it('does not keep a leader that serves from closing', async () => {
    const slow = createTestCluster()
    const { engine } = await slow.addNode({ sessionTimeoutMs: 12_000 })
    const created = await engine.catalogue.create(newAuction({ durationMs: 20_000 }))
    if (!created.ok) throw new Error(created.code)
    const { id, auction } = created.record
    await slow.clock.advance(1_000)
    slow.world.latency = (kind) => ({ requestMs: kind === 'commit' ? 3_600 : 1, replyMs: 100 })
    await slow.clock.advance(30_000)
    const page = pend(engine.catalogue.events(id, { after: 0, limit: 100 }))
    await slow.clock.advance(1_000)
    const last = page.value!.events.at(-1)!.event
    expect(last.type).toBe('AuctionClosed')
    expect(last.at - auction.endsAt).toBeLessThan(1_000)
    slow.world.latency = undefined
    await slow.clock.advance(10_000)
    await slow.stop()
  })
})

describe('a mere change of leader', () => {
  it('gives nothing back: the auction closes on the time that was fixed', async () => {
    const id = await open(30_000)
    const status = await nodes[0]!.engine.cluster.status()
    const leader = nodes.find(({ nodeId }) => nodeId === status.leader?.nodeId)!
    await cluster.clock.advance(22_000)
    cluster.world.silence(leader.store.session)
    await cluster.clock.advance(25_000)
    const watcher = nodes.find((node) => node !== leader)!
    const page = await watcher.engine.catalogue.events(id, { after: 0, limit: 100 })
    expect(page!.events.map(({ event }) => event.type).slice(2)).toEqual(['AuctionClosed'])
    cluster.world.heal(leader.store.session)
    await cluster.clock.advance(10_000)
  })

  it('nor does a link that the next leader had lost, though it learns late that the store served others', async () => {
    const status = await nodes[0]!.engine.cluster.status()
    const leader = nodes.find(({ nodeId }) => nodeId === status.leader?.nodeId)!
    const others = nodes.filter((node) => node !== leader)
    const created = await others[0]!.engine.catalogue.create(newAuction({ durationMs: 10_000 }))
    if (!created.ok) throw new Error(created.code)
    await cluster.clock.advance(500)
    for (const { store } of others) cluster.world.silence(store.session)
    await cluster.clock.advance(5_000)
    let lostCount = 0
    const isOthers = (sessionId: string) =>
      others.some(({ store }) => store.session.id === sessionId)
    cluster.world.latency = (kind, { id }) => ({
      requestMs: 1,
      replyMs: kind === 'freshGet' && isOthers(id) && lostCount++ < 2 ? Infinity : 1,
    })
    for (const { store } of others) cluster.world.heal(store.session)
    await cluster.clock.advance(10)
    void leader.engine.stop()
    await cluster.clock.advance(30_000)
    cluster.world.latency = undefined
    expect(lostCount).toBeGreaterThan(2)
    const page = await others[0]!.engine.catalogue.events(created.record.id, {
      after: 0,
      limit: 100,
    })
    expect(page!.events.map(({ event }) => event.type).slice(2)).toEqual(['AuctionClosed'])
  })

  it('nor does a link that only the next leader had lost', async () => {
    const id = await open(40_000)
    const status = await nodes[0]!.engine.cluster.status()
    const leader = nodes.find(({ nodeId }) => nodeId === status.leader?.nodeId)!
    const others = nodes.filter((node) => node !== leader)
    for (const { store } of others) cluster.world.silence(store.session)
    await cluster.clock.advance(4_000)
    for (const { store } of others) cluster.world.heal(store.session)
    await cluster.clock.advance(6_000)
    cluster.world.silence(leader.store.session)
    await cluster.clock.advance(45_000)
    const page = await others[0]!.engine.catalogue.events(id, { after: 0, limit: 100 })
    expect(page!.events.map(({ event }) => event.type).slice(2)).toEqual(['AuctionClosed'])
    cluster.world.heal(leader.store.session)
    await cluster.clock.advance(10_000)
  })
})
