import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createEngine, type RunningEngine } from '../../src/engine/create-engine.ts'
import { permanentRoots } from '../../src/engine/keyspace.ts'
import { createSubscriptions, type Subscriptions } from '../../src/gateway/ws/subscriptions.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { type Metrics, silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { OpenOptions } from '../../src/store/open-options.ts'
import type { Store } from '../../src/store/store.ts'
import { eventually } from '../support/eventually.ts'
import { newAuction, plainEncoder } from './test-cluster.ts'

const counts = [4, 10, 50, 600]

/** One socket: its subscriptions, and the frames that they sent. */
interface Viewing {
  readonly subscriptions: Subscriptions
  readonly frames: string[]
}

/** What a socket that asks again and again for an auction that nobody watches does to a node, on that store. */
export function describeResubscribing(
  name: string,
  openStore: (options: OpenOptions) => Promise<Store>,
): void {
  describe(`on ${name}, an auction that nobody watches`, () => {
    let store: Store
    let engine: RunningEngine
    let auctionId: string
    let roomCount = 0
    let watchCount = 0
    beforeAll(async () => {
      const metrics: Metrics = {
        ...silentMetrics,
        gauge(gauge, value) {
          if (gauge === 'feed_rooms') roomCount = value
        },
      }
      const base = { clock: systemClock, entropy: systemEntropy, log: silentLog, metrics }
      const sessionTimeoutMs = 6_000
      store = await openStore({ ...base, permanentRoots, sessionTimeoutMs })
      engine = createEngine({
        ...base,
        ...{ store, nodeId: 'n1', generation: 0, encoder: plainEncoder, sessionTimeoutMs },
        ...{ closeGraceMs: 250, lockPatienceMs: 1_000 },
        presence: () => ({ url: 'http://n1', pid: 1, version: '0' }),
      })
      await engine.start()
      await eventually(() => engine.isReady, { withinMs: 30_000 })
      const created = await engine.catalogue.create(newAuction({ durationMs: 3_600_000 }))
      if (!created.ok) throw new Error(created.code)
      auctionId = created.record.id
      watchCount = await settledWatches(store)
    })
    afterAll(async () => {
      await engine.stop()
      await store.close()
    })

    const open = (): Viewing => {
      const frames: string[] = []
      const outlet = {
        ...{ isOpen: () => true, bufferedBytes: () => 0, send: () => undefined },
        ...{ ping: () => undefined, close: () => undefined, terminate: () => undefined },
        sendShared: (frame: string) => void frames.push(frame),
      }
      return {
        frames,
        subscriptions: createSubscriptions({ feeds: engine.feeds, outlet, max: 200 }),
      }
    }
    const isNothingLeft = () =>
      engine.feeds.watcherCount(auctionId) === 0 &&
      roomCount === 0 &&
      store.health().watchCount === watchCount

    for (const count of counts) {
      it(`is shown once when it is asked for ${count} times at once`, async () => {
        const viewing = open()
        const { subscriptions } = viewing
        const asked = Array.from({ length: count }, () => subscriptions.start(auctionId, undefined))
        await Promise.all(asked)
        expect(engine.feeds.watcherCount(auctionId)).toBe(1)
        expect(snapshotsIn(viewing)).toBe(1)
        expect(roomCount).toBe(1)
        subscriptions.endAll()
        await eventually(isNothingLeft)
      })

      it(`leaves nothing when it is asked for and left ${count} times at once`, async () => {
        const { subscriptions, frames } = open()
        const asked = Array.from({ length: count }, () => {
          const done = subscriptions.start(auctionId, undefined)
          subscriptions.end(auctionId)
          return done
        })
        await Promise.all(asked)
        expect(frames).toEqual([])
        await eventually(isNothingLeft)
      })

      it(`leaves nothing when ${count} sockets ask for it and go midway`, async () => {
        const sockets = Array.from({ length: count }, open)
        const asked = sockets.map(async ({ subscriptions }, index) => {
          const done = [1, 2, 3].map(() => subscriptions.start(auctionId, undefined))
          for (let step = 0; step < index % 7; step++) await Promise.resolve()
          subscriptions.endAll()
          await Promise.all(done)
        })
        const last = open()
        await Promise.all([...asked, last.subscriptions.start(auctionId, undefined)])
        expect(snapshotsIn(last)).toBe(1)
        expect(engine.feeds.watcherCount(auctionId)).toBe(1)
        last.subscriptions.endAll()
        await eventually(isNothingLeft)
      })
    }
  })
}

const snapshotsIn = ({ frames }: Viewing) =>
  frames.filter((frame) => frame.includes('"type":"snapshot"')).length

/** The node's own, once it has armed all of them. */
async function settledWatches(store: Store): Promise<number> {
  let before = -1
  await eventually(
    () => {
      const now = store.health().watchCount
      const isSettled = now > 0 && now === before
      before = now
      return isSettled
    },
    { everyMs: 200 },
  )
  return before
}
