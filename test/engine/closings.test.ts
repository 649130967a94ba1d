import { afterEach, describe, expect, it } from 'vitest'
import { createTestCluster, newAuction, type TestCluster, type TestNode } from './test-cluster.ts'

let cluster: TestCluster
afterEach(() => cluster.stop())

async function openEndingAt(node: TestNode, endsAt: number): Promise<string> {
  const created = await node.engine.catalogue.create(newAuction({ endsAt }))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}

async function stillOpen({ engine }: TestNode, ids: readonly string[]): Promise<number> {
  const records = await Promise.all(ids.map((id) => engine.catalogue.get(id)))
  return records.filter((record) => record?.auction.phase !== 'closed').length
}

describe('many ends at about the same time', () => {
  it('cost a head, a queue and a commit each, and few lists of what is left', async () => {
    cluster = createTestCluster()
    const { clock, world } = cluster
    const node = await cluster.addNode()
    const [count, withinMs] = [400, 1_000]
    const firstEndsAt = clock.wallMs() + 20_000
    const ids: string[] = []
    for (let index = 0; index < count; index++) {
      ids.push(await openEndingAt(node, firstEndsAt + Math.round((withinMs * index) / count)))
    }
    await clock.advance(19_000)
    const before = { ...world.counts }
    await clock.advance(3_000)
    const { freshGet, list, commit } = world.counts
    expect(await stillOpen(node, ids)).toBe(0)
    expect(freshGet - before.freshGet).toBeLessThan(count * 1.05)
    // Beacons are commits too; the to-do list is one of 32 buckets.
    expect(commit - before.commit).toBeLessThan(count * 1.05)
    expect(list - before.list).toBeLessThan(count * 1.5)
  })

  it('find an auction that is put up among them in time', async () => {
    cluster = createTestCluster()
    const { clock } = cluster
    const node = await cluster.addNode()
    const busyUntil = clock.wallMs() + 20_000
    for (let index = 0; index < 200; index++) {
      await openEndingAt(node, busyUntil - 5_000 + index * 25)
    }
    await clock.advance(17_000)
    const endsAt = clock.wallMs() + 1_000
    const ids = await Promise.all(Array.from({ length: 50 }, () => openEndingAt(node, endsAt)))
    await clock.advance(1_200)
    expect(await stillOpen(node, ids)).toBe(50)
    await clock.advance(100)
    expect(await stillOpen(node, ids)).toBe(0)
  })
})

describe('a start that passes', () => {
  const phaseOf = async ({ engine }: TestNode, id: string) =>
    (await engine.catalogue.get(id, { fresh: true }))?.auction.phase

  it('before the leader has listed the auction opens it all the same', async () => {
    cluster = createTestCluster()
    const { clock } = cluster
    const node = await cluster.addNode()
    const ids: string[] = []
    for (let index = 0; index < 128; index++) {
      const startsAt = clock.wallMs() + 300
      const created = await node.engine.catalogue.create(newAuction({ startsAt }))
      if (!created.ok) throw new Error(created.code)
      ids.push(created.record.id)
      await clock.advance(2)
    }
    await clock.advance(2_000)
    const phases = await Promise.all(ids.map((id) => phaseOf(node, id)))
    expect(phases.filter((phase) => phase === 'open')).toHaveLength(128)
  })

  it('while nobody leads is made up for by who leads next', async () => {
    cluster = createTestCluster()
    const { clock, world } = cluster
    for (let n = 0; n < 3; n++) await cluster.addNode()
    const status = await cluster.nodes[0]!.engine.cluster.status()
    const leader = cluster.nodes.find(({ nodeId }) => nodeId === status.leader?.nodeId)!
    const other = cluster.nodes.find((node) => node !== leader)!
    const startsAt = clock.wallMs() + 5_000
    const created = await other.engine.catalogue.create(newAuction({ startsAt }))
    if (!created.ok) throw new Error(created.code)
    await clock.advance(3_000)
    world.silence(leader.store.session)
    await clock.advance(12_000)
    expect(await phaseOf(other, created.record.id)).toBe('open')
    world.heal(leader.store.session)
    await clock.advance(5_000)
  })
})
