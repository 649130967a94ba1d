import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { EngineDeps } from '../../../src/engine/create-engine.ts'
import {
  ada,
  ben,
  createTestCluster,
  newAuction,
  type TestCluster,
  type TestNode,
} from '../../engine/test-cluster.ts'
import { createNoLocks } from './no-locks.ts'

// P4's need of the lock. A refusal for good needs none: it rests on a head that no commit decided before it can follow any more.
// A refusal of the moment ("you hold the highest bid already") rests on a head that still stands; only the fence keeps an older
// commit on that same head from landing after it.

let cluster: TestCluster
beforeEach(() => (cluster = createTestCluster()))
afterEach(() => cluster.stop())

const onItsWayMs = 3_000
const adasBid = 'adas-second-bid'

const place = (node: TestNode, auctionId: string, bidder: typeof ada, amount: number, id: string) =>
  node.engine.bidding.place({ auctionId, bidder, amountMinor: amount * 100, bidId: id })

/**
 * Ada stands. On one node Ben outbids her and she him, in one commit, which travels for long while its node falls silent. On the
 * other node, where she stands still, she sends the same bid again. Resolves to what she is told there.
 */
async function overtakeSlowly(over: Partial<EngineDeps>) {
  const [n1, n2] = [await cluster.addNode(over), await cluster.addNode(over)]
  const { clock, world } = cluster
  const created = await n1.engine.catalogue.create(newAuction({ mayRaiseOwnBid: false }))
  if (!created.ok) throw new Error(created.code)
  const { id } = created.record
  const opening = place(n1, id, ben, 100, 'bens-first-bid')
  await clock.advance(100)
  expect(await opening).toMatchObject({ outcome: 'accepted' })
  let commitCount = 0
  let isCutOff = false
  world.latency = (kind, session) => {
    if (session.id !== n1.store.session.id) return { requestMs: 1, replyMs: 1 }
    if (isCutOff) return { requestMs: Infinity, replyMs: Infinity }
    if (kind !== 'commit' || commitCount++ === 0) return { requestMs: 5, replyMs: 5 }
    isCutOff = true
    return { requestMs: onItsWayMs, replyMs: Infinity }
  }
  // While the first is on its way the other two gather behind it: they become one commit.
  const first = place(n1, id, ada, 101, 'adas-first-bid')
  await clock.advance(1)
  void place(n1, id, ben, 102, 'bens-second-bid')
  void place(n1, id, ada, 103, adasBid)
  await clock.advance(50)
  expect(await first).toMatchObject({ outcome: 'accepted' })
  const again = place(n2, id, ada, 103, adasBid)
  await clock.advance(2_000)
  const told = await again
  await clock.advance(onItsWayMs)
  const found = n2.engine.catalogue.bid(id, ada, adasBid)
  await clock.advance(100)
  return { told, stands: (await found).found }
}

describe('a bid on its way, refused elsewhere because its bidder stands', () => {
  it('lands all the same where no lock fences its commit', async () => {
    const { told, stands } = await overtakeSlowly({ locks: createNoLocks() })
    expect(told).toMatchObject({ outcome: 'rejected', code: 'own-bid', final: false })
    expect(stands).toBe(true)
  })

  it('can land no more once the refusing node has the lock', async () => {
    const { told, stands } = await overtakeSlowly({})
    expect(told).toMatchObject({ outcome: 'rejected', code: 'own-bid', final: false })
    expect(stands).toBe(false)
  })
})
