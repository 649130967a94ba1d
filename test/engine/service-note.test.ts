import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keys } from '../../src/engine/keyspace.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createOutageRecord, type Interval } from '../../src/engine/outage-record.ts'
import { readServiceNotes } from '../../src/engine/service-note.ts'
import { encodeJson } from '../../src/engine/codec.ts'
import {
  createTestCluster,
  newAuction,
  startThreeNodes,
  type TestCluster,
  type TestNode,
} from './test-cluster.ts'

let cluster: TestCluster
let nodes: TestNode[]
beforeEach(async () => {
  cluster = await startThreeNodes()
  nodes = [...cluster.nodes]
})
afterEach(() => cluster.stop())

async function findLeader() {
  const status = await nodes[0]!.engine.cluster.status()
  const leader = nodes.find(({ nodeId }) => nodeId === status.leader?.nodeId)!
  return { leader, others: nodes.filter((node) => node !== leader) }
}

describe('the note of service', () => {
  it('is not written while a leader’s beacon comes', async () => {
    await cluster.clock.advance(30_000)
    expect(await readServiceNotes(nodes[0]!.store)).toEqual([])
  })

  it('tells of the time without a leader, by those who served', async () => {
    await cluster.clock.advance(5_000)
    const { leader, others } = await findLeader()
    cluster.world.silence(leader.store.session)
    const fromMs = others[0]!.engine.time.now()!
    await cluster.clock.advance(4_500)
    const [note] = await readServiceNotes(others[0]!.store)
    expect(note!.from).toBeLessThanOrEqual(fromMs)
    expect(note!.to).toBeGreaterThan(fromMs + 2_500)
    expect(note!.to).toBeLessThanOrEqual(others[0]!.engine.time.now()!)
    cluster.world.heal(leader.store.session)
    await cluster.clock.advance(5_000)
  })

  it('begins anew after a time in which nobody served, beside the one before', async () => {
    const patient = createTestCluster()
    for (let n = 0; n < 3; n++) await patient.addNode({ sessionTimeoutMs: 30_000 })
    const [leader, ...others] = patient.nodes
    const { store, engine } = others[0]!
    expect((await engine.cluster.status()).leader?.nodeId).toBe(leader!.nodeId)
    patient.world.silence(leader!.store.session)
    await patient.clock.advance(4_500)
    const [before] = await readServiceNotes(store)
    others.forEach((node) => patient.world.silence(node.store.session))
    await patient.clock.advance(10_500)
    const backMs = engine.time.now()!
    others.forEach((node) => patient.world.heal(node.store.session))
    for (let n = 0; n < 40 && engine.cluster.service.state !== 'serving'; n++)
      await patient.clock.advance(250)
    await patient.clock.advance(4_000)
    const [kept, note] = await readServiceNotes(store)
    expect(kept!.from).toBe(before!.from)
    expect(kept!.to).toBeLessThan(backMs - 5_000)
    expect(note!.from).toBeGreaterThanOrEqual(backMs)
    patient.world.heal(leader!.store.session)
    await patient.clock.advance(5_000)
    await patient.stop()
  })
})

describe('notes that cannot be read', () => {
  it.each(['no JSON', '"a word"', '[{"from":1}]'])('are none: %s', async (text) => {
    const value = new TextEncoder().encode(text)
    const { store } = nodes[1]!
    await store.commit({ guards: [], writes: [{ kind: 'create', key: keys.served, value }] })
    expect(await readServiceNotes(store)).toEqual([])
  })
})

describe('an outage beside a note of service', () => {
  const isOwnTerm = () => true
  const record = () =>
    createOutageRecord({ store: nodes[0]!.store, clock: cluster.clock, log: silentLog, isOwnTerm })
  const noteServed = async (served: Interval | Interval[]) => {
    const value = encodeJson(served)
    const { store } = nodes[1]!
    await store.commit({ guards: [], writes: [{ kind: 'create', key: keys.served, value }] })
  }

  it('is none where somebody served all the while, as far as signs of it come', async () => {
    await noteServed({ from: 1_000, to: 14_000 })
    const ours = record()
    await ours.judge({ from: 10_000, to: 15_000 })
    expect(ours.recent).toEqual([])
  })

  it('begins where the last one went, though our own link was away before', async () => {
    await noteServed({ from: 1_000, to: 12_000 })
    const ours = record()
    await ours.judge({ from: 10_000, to: 28_000 })
    expect(ours.recent).toEqual([{ id: 'o12000', from: 12_000, to: 28_000 }])
  })

  it('ends where the first node was back', async () => {
    await noteServed({ from: 13_000, to: 20_000 })
    const ours = record()
    await ours.judge({ from: 10_000, to: 15_000 })
    expect(ours.recent).toEqual([{ id: 'o10000', from: 10_000, to: 13_000 }])
  })

  it('is two where somebody served in between', async () => {
    await noteServed({ from: 12_000, to: 16_000 })
    const ours = record()
    await ours.judge({ from: 10_000, to: 28_500 })
    expect(ours.recent).toEqual([
      { id: 'o10000', from: 10_000, to: 12_000 },
      { id: 'o16000', from: 16_000, to: 28_500 },
    ])
  })

  it('is what several notes leave of it', async () => {
    await noteServed([
      { from: 8_000, to: 14_000 },
      { from: 19_000, to: 23_000 },
    ])
    const ours = record()
    await ours.judge({ from: 10_000, to: 27_000 })
    expect(ours.recent).toEqual([
      { id: 'o14000', from: 14_000, to: 19_000 },
      { id: 'o23000', from: 23_000, to: 27_000 },
    ])
  })

  it('counts whole where the note is of another time', async () => {
    await noteServed({ from: 1_000, to: 9_000 })
    const ours = record()
    await ours.judge({ from: 10_000, to: 15_000 })
    expect(ours.recent).toEqual([{ id: 'o10000', from: 10_000, to: 15_000 }])
  })

  it('of a whole cluster counts from the note on', async () => {
    await noteServed({ from: 9_000, to: 14_000 })
    const ours = record()
    await ours.keepColdGap({ from: 10_000, to: 15_000 })
    expect(ours.recent).toEqual([{ id: 'o14000', from: 14_000, to: 15_000 }])
  })

  it('of a whole cluster counts before it as well, where somebody came back and went', async () => {
    await noteServed({ from: 12_000, to: 14_000 })
    const ours = record()
    await ours.keepColdGap({ from: 10_000, to: 15_000 })
    expect(ours.recent).toEqual([
      { id: 'o10000', from: 10_000, to: 12_000 },
      { id: 'o14000', from: 14_000, to: 15_000 },
    ])
  })

  it('of a whole cluster is known to the leader after the one that found it', async () => {
    await record().keepColdGap({ from: 10_000, to: 15_000 })
    const theirs = record()
    await theirs.read()
    expect(theirs.recent).toEqual([{ id: 'o10000', from: 10_000, to: 15_000 }])
  })
})

describe('a leader that starts cold after others went on without one', () => {
  it('gives back the time for which nobody took bids, and no more', async () => {
    await cluster.clock.advance(5_000)
    const { leader, others } = await findLeader()
    const [survivor, third] = others as [TestNode, TestNode]
    const auction = newAuction({ durationMs: 13_000 })
    const created = await survivor.engine.catalogue.create(auction)
    if (!created.ok) throw new Error(created.code)
    for (const { store } of [leader, third]) cluster.world.silence(store.session)
    const reborn = await cluster.addNode()
    await cluster.clock.advance(1_000)
    cluster.world.silence(survivor.store.session)
    const deadMs = survivor.engine.time.now()!
    expect(reborn.engine.time.now()).toBeUndefined()
    await cluster.clock.advance(30_000)
    const page = await reborn.engine.catalogue.events(created.record.id, { after: 0, limit: 100 })
    const [credit, ...later] = page!.events.map(({ event }) => event).slice(2)
    expect(later.map(({ type }) => type)).toEqual(['AuctionClosed'])
    if (credit?.type !== 'AuctionExtended') throw new Error('nothing was given back')
    const firstMs = Number(credit.outageId!.slice(1))
    expect(firstMs).toBeGreaterThan(deadMs - 1_500)
    expect(firstMs).toBeLessThanOrEqual(deadMs)
    expect(credit.endsAt - credit.at).toBeGreaterThan(4_000)
    for (const { store } of nodes) cluster.world.heal(store.session)
    await cluster.clock.advance(10_000)
  })
})
