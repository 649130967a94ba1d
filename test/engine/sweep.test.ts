import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Listed } from '../../src/engine/list-entries.ts'
import { encodeJson } from '../../src/engine/codec.ts'
import { hashBuckets, keys } from '../../src/engine/keyspace.ts'
import { engineLimits } from '../../src/engine/limits.ts'
import { sweep } from '../../src/engine/sweep.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { createManualClock } from '../support/manual-clock.ts'
import type { Person } from '../../src/auction/person.ts'
import { createTestCluster, newAuction, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeEach(async () => {
  cluster = createTestCluster()
  await cluster.addNode()
})
afterEach(() => cluster.stop())

const hourMs = 3_600_000
const engine = () => cluster.nodes[0]!.engine
const store = () => cluster.nodes[0]!.store
const isStored = async (token: string) => (await engine().guests.lookAgain(token)) !== undefined

/** One pass over all buckets, as of so much later: on a clock of its own, since a day of a cluster takes long. */
async function sweepAfter(ms: number): Promise<void> {
  const clock = createManualClock()
  const stop = new AbortController()
  const entries = [...(await engine().catalogue.list({ limit: 10 }))!.items]
  const listed = entries.map(({ auction }) => ({
    sellerId: auction.seller.id,
    leaderId: auction.standingBid?.bidder.id,
  })) as unknown as Listed[]
  const list = { read: async () => listed, known: () => listed }
  const now = () => engine().time.now()! + ms
  const deps = { store: store(), clock, log: silentLog, metrics: silentMetrics, now, list }
  const swept = sweep(deps, stop.signal)
  await clock.advance(hashBuckets.length * engineLimits.sweepPauseMs + 1)
  stop.abort()
  await swept
}

async function open(seller: Person, over = {}): Promise<string> {
  const created = await engine().catalogue.create(newAuction({ seller, ...over }))
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
async function bid(auctionId: string, bidder: Person) {
  const placed = engine().bidding.place({ auctionId, bidId: 'b', bidder, amountMinor: 100_00 })
  await cluster.clock.advance(2_000)
  expect(await placed).toMatchObject({ outcome: 'accepted' })
}
async function countIn(dirOf: (bucket: string) => string): Promise<number> {
  const leaves = await Promise.all(hashBuckets.map((bucket) => store().list(dirOf(bucket))))
  return leaves.flat().length
}

async function putSession(hash: string, facts: object): Promise<void> {
  const value = encodeJson({ schema: 2, id: hash, name: 'A', ...facts })
  await store().commit({
    guards: [],
    writes: [{ kind: 'create', key: keys.session(hash), value }],
  })
}

describe('the leader clears away', () => {
  it('guests who neither bid nor sold, a day after their last visit; who did stays', async () => {
    const guests = await Promise.all(
      ['Selma', 'Ada', 'Ida'].map((name) => engine().guests.create(name)),
    )
    const [seller, bidder] = guests
    const id = await open(seller!.person)
    await bid(id, bidder!.person)
    await sweepAfter(23 * hourMs)
    expect(await countIn(keys.sessions)).toBe(3)
    await sweepAfter(24 * hourMs)
    expect(await countIn(keys.sessions)).toBe(2)
    const stored = await Promise.all(guests.map(({ token }) => isStored(token)))
    expect(stored).toEqual([true, true, false])
  })

  it('sessions past their end, and of later visits a day after the last', async () => {
    const at = engine().time.now()!
    await putSession('aa01', { createdAt: at, seenAt: at, expiresAt: at + hourMs })
    await putSession('aa02', {
      createdAt: at,
      seenAt: at + 10 * hourMs,
      expiresAt: at + 90 * hourMs,
    })
    await sweepAfter(hourMs)
    expect(await countIn(keys.sessions)).toBe(1)
    await sweepAfter(33 * hourMs)
    expect(await countIn(keys.sessions)).toBe(1)
    await sweepAfter(34 * hourMs)
    expect(await countIn(keys.sessions)).toBe(0)
  })

  it('answers to creations after a day, and sign-ins past their end', async () => {
    await open({ id: 'seller', name: 'S' }, { idempotencyKey: 'once' })
    const value = encodeJson({ expiresAt: engine().time.now()! + 30_000 })
    const key = keys.ticket('bb01')
    await store().commit({ guards: [], writes: [{ kind: 'create', key, value }] })
    await sweepAfter(60_000)
    expect([await countIn(keys.requests), await countIn(keys.tickets)]).toEqual([1, 0])
    await sweepAfter(24 * hourMs)
    expect(await countIn(keys.requests)).toBe(0)
  })

  it('no leading bidder whose mark was lost', async () => {
    const { person } = await engine().guests.create('Ada')
    const id = await open({ id: 'seller', name: 'S' })
    await bid(id, person)
    const marks = await Promise.all(hashBuckets.map((bucket) => store().list(keys.actives(bucket))))
    const writes = marks.flat().map(({ key }) => ({ kind: 'delete', key }) as const)
    expect(writes).toHaveLength(2)
    await store().commit({ guards: [], writes })
    await sweepAfter(25 * hourMs)
    expect(await countIn(keys.sessions)).toBe(1)
  })

  it('by the leader itself, while it leads', async () => {
    await putSession('0001', { expiresAt: 1, createdAt: 0, seenAt: 0 })
    await cluster.clock.advance(hashBuckets.length * engineLimits.sweepPauseMs)
    expect(await countIn(keys.sessions)).toBe(0)
  })
})
