import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { encodeJson } from '../../src/engine/codec.ts'
import { silentLog } from '../../src/lib/log.ts'
import { keys } from '../../src/engine/keyspace.ts'
import { createOutageRecord } from '../../src/engine/outage-record.ts'
import { newAuction, startThreeNodes, type TestCluster, type TestNode } from './test-cluster.ts'

let cluster: TestCluster
let nodes: TestNode[]
beforeEach(async () => {
  cluster = await startThreeNodes()
  nodes = [...cluster.nodes]
})
afterEach(() => cluster.stop())

const isOwnTerm = () => true
const recordOf = ({ store }: TestNode) =>
  createOutageRecord({ store, clock: cluster.clock, log: silentLog, isOwnTerm })

describe('the record of outages', () => {
  it('keeps a long silence beside the short one that follows it', async () => {
    const [ours, theirs] = [recordOf(nodes[0]!), recordOf(nodes[1]!)]
    await ours.judge({ from: 1_000, to: 9_000 })
    await theirs.judge({ from: 10_000, to: 10_063 })
    await ours.read()
    expect(ours.recent).toEqual([
      { id: 'o1000', from: 1_000, to: 9_000 },
      { id: 'o10000', from: 10_000, to: 10_063 },
    ])
  })

  it('takes for one what two nodes saw of it, under the name given first', async () => {
    const [ours, theirs] = [recordOf(nodes[0]!), recordOf(nodes[1]!)]
    await ours.judge({ from: 1_000, to: 9_000 })
    await theirs.judge({ from: 800, to: 9_400 })
    await ours.judge({ from: 1_200, to: 9_100 })
    await ours.read()
    expect(ours.recent).toEqual([{ id: 'o1000', from: 800, to: 9_400 }])
  })

  it('takes for two what meets at a beacon: the first may have been given back by then', async () => {
    const record = recordOf(nodes[0]!)
    await record.keepUnserved([{ from: 1_000, to: 9_000 }])
    await record.keepUnserved([{ from: 9_000, to: 15_000 }])
    expect(record.recent).toEqual([
      { id: 'o1000', from: 1_000, to: 9_000 },
      { id: 'o9000', from: 9_000, to: 15_000 },
    ])
  })

  it('gives another name to what grew: under the first it may have been given back', async () => {
    const [ours, theirs] = [recordOf(nodes[0]!), recordOf(nodes[1]!)]
    await ours.judge({ from: 1_000, to: 9_000 })
    // The store falters again at 9.1 s, and the clock of this node is behind.
    await theirs.judge({ from: 8_980, to: 20_000 })
    await ours.read()
    expect(ours.recent).toEqual([{ id: 'o9000', from: 1_000, to: 20_000 }])
  })

  it('loses nothing when two nodes write at once', async () => {
    const records = nodes.map(recordOf)
    const judged = records.map((record, index) =>
      record.judge({ from: 1_000 * (index + 1), to: 1_000 * (index + 1) + 500 }),
    )
    await cluster.clock.advance(2_000)
    await Promise.all(judged)
    await records[0]!.read()
    expect(records[0]!.recent.map(({ id }) => id)).toEqual(['o1000', 'o2000', 'o3000'])
  })

  it('reads what an earlier version kept: the newest one alone', async () => {
    const [node] = nodes
    const value = encodeJson({ from: 5, to: 7 })
    await node!.store.commit({ guards: [], writes: [{ kind: 'create', key: keys.outage, value }] })
    const record = recordOf(node!)
    await record.read()
    expect(record.recent).toEqual([{ id: 'o5', from: 5, to: 7 }])
  })
})

describe('time in which a leader cannot say that anybody served', () => {
  it('is an outage where it was long, and nobody noted that he did', async () => {
    const record = recordOf(nodes[0]!)
    await record.keepUnserved([
      { from: 1_000, to: 4_000 },
      { from: 10_000, to: 16_000 },
    ])
    expect(record.recent).toEqual([{ id: 'o10000', from: 10_000, to: 16_000 }])
  })

  it('is none where somebody noted his service, but for what is longer than notes are apart', async () => {
    const value = encodeJson({ from: 8_000, to: 15_000 })
    const [node] = nodes
    await node!.store.commit({ guards: [], writes: [{ kind: 'create', key: keys.served, value }] })
    const record = recordOf(node!)
    await record.keepUnserved([{ from: 10_000, to: 18_000 }])
    expect(record.recent).toEqual([])
    await record.keepUnserved([{ from: 10_000, to: 19_000 }])
    expect(record.recent).toEqual([{ id: 'o15000', from: 15_000, to: 19_000 }])
  })
})

describe('a store that falters once more as it comes back', () => {
  const loseQuorum = () => nodes.forEach(({ store }) => cluster.world.silence(store.session))
  const regainQuorum = () => nodes.forEach(({ store }) => cluster.world.heal(store.session))
  const open = async (durationMs: number) => {
    const created = await nodes[0]!.engine.catalogue.create(newAuction({ durationMs }))
    if (!created.ok) throw new Error(created.code)
    return created.record.id
  }
  const movesOf = async (id: string) => {
    const page = await nodes[1]!.engine.catalogue.events(id, { after: 0, limit: 100 })
    const events = page!.events.map(({ event }) => event)
    return events.filter((event) => event.type === 'AuctionExtended')
  }
  it('still gives back the long silence, and only to those who lost by it', async () => {
    const id = await open(36_000)
    await cluster.clock.advance(10_000)
    loseQuorum()
    await cluster.clock.advance(20_000)
    regainQuorum()
    await cluster.clock.advance(2_000)
    loseQuorum()
    await cluster.clock.advance(3_000)
    regainQuorum()
    await cluster.clock.advance(10_000)
    const [credit, ...more] = await movesOf(id)
    expect(more).toEqual([])
    expect(credit!.endsAt - credit!.at).toBeGreaterThan(15_000)
    const later = await open(5_000)
    await cluster.clock.advance(15_000)
    expect(await movesOf(later)).toEqual([])
  })
})

describe('a leader', () => {
  it('learns of an outage that another node has kept', async () => {
    const [ours, theirs] = [recordOf(nodes[0]!), recordOf(nodes[1]!)]
    const stop = new AbortController()
    void ours.follow(stop.signal)
    await theirs.judge({ from: 1_000, to: 9_000 })
    await cluster.clock.advance(100)
    expect(ours.recent).toEqual([{ id: 'o1000', from: 1_000, to: 9_000 }])
    stop.abort()
  })
})
