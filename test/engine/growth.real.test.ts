import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeJson } from '../../src/engine/codec.ts'
import { hashBuckets, keys } from '../../src/engine/keyspace.ts'
import { sweep } from '../../src/engine/sweep.ts'
import type { Ensemble } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import type { Clock } from '../../src/lib/clock.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { defaultNodeConfig } from '../../src/node/config.ts'
import { type OpenedStore, openStore } from '../../src/node/open-store.ts'
import { type RunningNode, startNode } from '../../src/node/start-node.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { AuctionListJson, NewSessionJson } from '../../src/protocol/http.ts'
import { fillOf } from '../../src/store/size.ts'
import { findBackend } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'

const quotaBytes = 16 * 1024 ** 2
/** Pauses of the sweep take no time. */
const hurried: Clock = { ...systemClock, setTimer: (_ms, fire) => systemClock.setTimer(0, fire) }

const starts = {
  etcd: () => startEtcdEnsemble({ size: 1, quotaBytes }),
  zookeeper: () => startZookeeperEnsemble({ size: 1 }),
}

describe.each(['etcd', 'zookeeper'] as const)('on %s', async (kind) => {
  const backend = await findBackend(kind, { size: 1, hurtsMembers: true })

  describe.skipIf(backend === undefined)('what a store holds', () => {
    let ensemble: Ensemble
    let opened: OpenedStore
    const nodes: RunningNode[] = []
    let filled = 0

    beforeAll(async () => {
      ensemble = await starts[kind]()
      const store = ensemble.storeUrl()
      opened = await openStore(store, {
        ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
        ...{ sessionTimeoutMs: 6_000, bytesMax: quotaBytes },
      })
      for (const nodeId of ['n1', 'n2']) {
        const config = { ...defaultNodeConfig, port: 0, store, nodeId, storeBytesMax: quotaBytes }
        nodes.push(await startNode(config, { log: silentLog, measureEveryMs: 200 }))
      }
    }, 60_000)
    afterAll(async () => {
      await Promise.all(nodes.map((node) => node.stop()))
      await opened.store.close()
      await ensemble.stop()
    })

    async function ask(n: number, method: string, path: string, body?: object, token?: string) {
      const headers = {
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      }
      const sent = body === undefined ? {} : { body: JSON.stringify(body) }
      const response = await fetch(`${nodes[n]?.url}/api/v1${path}`, { method, headers, ...sent })
      return { status: response.status, json: await response.json() }
    }
    const guest = async (name: string) =>
      (await ask(0, 'POST', '/session', { name })).json as NewSessionJson
    const offer = async (token: string, over = {}) => {
      const lot = { title: 'A kettle', durationMs: 600_000, softClose: null, ...over }
      return (await ask(0, 'POST', '/auctions', lot, token)).json as AuctionJson
    }
    const listed = async (phase: string) => {
      const { json } = await ask(1, 'GET', `/auctions?phase=${phase}`)
      return (json as AuctionListJson).items.map(({ id }) => id)
    }
    const fillTo = async (percent: number) => {
      const value = Buffer.alloc(60_000, 'x')
      while ((fillOf(await opened.measure()) ?? 0) < percent) {
        const key = `filling/${filled++}`
        await opened.store.commit({ guards: [], writes: [{ kind: 'create', key, value }] })
      }
    }
    const countOf = async (dirOf: (bucket: string) => string) => {
      const leaves = await Promise.all(
        hashBuckets.map((bucket) => opened.store.list(dirOf(bucket))),
      )
      return leaves.flat().length
    }

    it('is listed by another node as it comes, and as it goes', async () => {
      const { token } = await guest('Selma')
      const first = await offer(token)
      expect(await listed('open')).toEqual([first.id])
      const second = await offer(token)
      await eventually(async () => (await listed('open')).includes(second.id))
      await ask(0, 'POST', `/auctions/${first.id}/cancel`, undefined, token)
      await eventually(async () => (await listed('cancelled')).includes(first.id))
      expect(await listed('open')).toEqual([second.id])
    })

    it('is swept: sessions and sign-ins that are over, and nothing else', async () => {
      const before = await countOf(keys.sessions)
      const sessions = [1, 2, 3].map((n) => keys.session(`0${n}`.padEnd(64, 'a')))
      const writes = [...sessions, keys.ticket('0b'.padEnd(64, 'b'))].map((key) => {
        const value = encodeJson({ schema: 1, id: 'x', name: 'X', createdAt: 0, expiresAt: 1 })
        return { kind: 'create', key, value } as const
      })
      expect(await opened.store.commit({ guards: [], writes })).toMatchObject({ ok: true })
      const stop = new AbortController()
      const { store } = opened
      const list = { read: async () => [], known: () => [] }
      const deps = { store, list, clock: hurried, log: silentLog, metrics: silentMetrics }
      const swept = sweep({ ...deps, now: () => Date.now() }, stop.signal)
      const isSwept = async () =>
        (await countOf(keys.sessions)) === before && (await countOf(keys.tickets)) === 0
      await eventually(isSwept, { withinMs: 30_000 })
      stop.abort()
      await swept
    })

    it('is measured; nearly full, it takes bids and closes, and no guests and auctions', async () => {
      const [seller, ada] = [await guest('Selma'), await guest('Ada')]
      const { keys: keysBefore } = await opened.measure()
      await fillTo(80)
      expect((await opened.measure()).keys).toBeGreaterThan((keysBefore ?? 0) + 50)
      const open = await offer(seller.token, { durationMs: 6_000 })
      await fillTo(91)
      for (const n of [0, 1]) {
        const isFull = async () => (await ask(n, 'POST', '/session', { name: 'I' })).status === 507
        await eventually(isFull)
        const lot = { title: 'T', durationMs: 9_000 }
        const refused = await ask(n, 'POST', '/auctions', lot, seller.token)
        expect(refused).toMatchObject({ status: 507, json: { code: 'store-full' } })
      }
      expect((await opened.measure()).isFull ?? false).toBe(false)
      const bid = { bidId: 'ada-bids-100', amount: '100' }
      const placed = await ask(0, 'POST', `/auctions/${open.id}/bids`, bid, ada.token)
      expect(placed).toMatchObject({ status: 201 })
      await eventually(async () => (await listed('closed')).includes(open.id), { withinMs: 30_000 })
      expect(opened.store.health().isFull ?? false).toBe(false)
    }, 60_000)
  })
})
