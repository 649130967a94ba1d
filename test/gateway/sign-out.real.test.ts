import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { silentLog } from '../../src/lib/log.ts'
import { defaultNodeConfig } from '../../src/node/config.ts'
import { type RunningNode, startNode } from '../../src/node/start-node.ts'
import type { NewSessionJson } from '../../src/protocol/http.ts'
import { type BackendKind, findBackend } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'
import { openSocket } from './test-socket.ts'

/** What the docs promise of the other nodes, and what a busy machine may take besides. */
const elsewhereWithinMs = 2_000
const busyMs = 6_000
const triesCount = 20
const racingCount = 50

interface Place {
  nodeCount: number
  start: () => Promise<{ url: string; stop: () => Promise<void> }>
}

async function embedded(): Promise<Awaited<ReturnType<Place['start']>>> {
  const folder = await mkdtemp(join(tmpdir(), 'lotkeeper-sign-out-'))
  return {
    url: `embedded:${join(folder, 'data')}`,
    stop: () => rm(folder, { recursive: true, force: true }),
  }
}

const kinds: BackendKind[] = ['zookeeper', 'etcd']
const clusters = await Promise.all(
  kinds.map(async (kind) => ({ kind, backend: await findBackend(kind, { size: 1 }) })),
)
const places: [name: string, place: Place | undefined][] = [
  ['an embedded store', { nodeCount: 1, start: embedded }],
  ...clusters.map(({ kind, backend }): [string, Place | undefined] => [
    kind,
    backend && {
      nodeCount: 2,
      start: async () => {
        const store = await backend.start()
        return { url: `${kind}://${store.servers.join(',')}/sign-out`, stop: () => store.stop() }
      },
    },
  ]),
]

async function ask(node: RunningNode, method: string, path: string, token?: string, body?: object) {
  return fetch(`${node.url}/api/v1${path}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
}

const statusOf = async (node: RunningNode, token: string) =>
  (await ask(node, 'GET', '/session', token)).status

async function guest(node: RunningNode, name: string): Promise<NewSessionJson> {
  return (await ask(node, 'POST', '/session', undefined, { name }).then((answer) =>
    answer.json(),
  )) as NewSessionJson
}

describe.each(places)('signing out, on %s', (_name, place) => {
  describe.skipIf(place === undefined)('', () => {
    let store: Awaited<ReturnType<Place['start']>>
    let nodes: RunningNode[] = []
    let first: RunningNode
    let auctionId: string

    beforeAll(async () => {
      const { start, nodeCount } = must(place, 'store')
      store = await start()
      for (let n = 1; n <= nodeCount; n++) {
        const config = { ...defaultNodeConfig, port: 0, store: store.url, nodeId: `n${n}` }
        const limits = { wrongTokensBurst: 100_000, wrongTokensPerSecond: 100_000 }
        nodes.push(await startNode({ ...config, limits }, { log: silentLog }))
      }
      first = must(nodes[0], 'first node')
      const { token } = await guest(first, 'Selma')
      const lot = { title: 'A kettle', durationMs: 600_000 }
      const made = await ask(first, 'POST', '/auctions', token, lot)
      auctionId = ((await made.json()) as { id: string }).id
    })
    afterAll(async () => {
      await Promise.all(nodes.map((node) => node.stop()))
      nodes = []
      await store.stop()
    })

    it('holds at once on the node that was asked, however many calls race with it', async () => {
      for (let tries = 0; tries < triesCount; tries++) {
        const { token } = await guest(first, `Racer ${tries}`)
        const calls = Array.from({ length: racingCount }, (_, index) =>
          index === racingCount / 2
            ? ask(first, 'DELETE', '/session', token)
            : ask(first, 'GET', '/session', token),
        )
        const ended = await must(calls[racingCount / 2], 'the call that ends it')
        expect(ended.status).toBe(204)
        const after = await Promise.all(Array.from({ length: 3 }, () => statusOf(first, token)))
        expect(after).toEqual([401, 401, 401])
        await Promise.all(calls)
        expect(await statusOf(first, token)).toBe(401)
        const bid = { bidId: `after-the-end-${tries}`, amount: '100.00' }
        const told = await ask(first, 'POST', `/auctions/${auctionId}/bids`, token, bid)
        expect(told.status).toBe(401)
        const socket = await openSocket(first.wsUrl)
        socket.send({ type: 'hello', token })
        expect((await socket.closing()).code).toBe(4001)
      }
    })

    it('holds on every node soon, also for sockets that are open there', async () => {
      const { token } = await guest(first, 'Wanda')
      const sockets = await Promise.all(
        nodes.map(async (node) => {
          const socket = await openSocket(node.wsUrl)
          socket.send({ type: 'hello', token })
          await socket.next('welcome', 1)
          expect(await statusOf(node, token)).toBe(200)
          return socket
        }),
      )
      expect((await ask(first, 'DELETE', '/session', token)).status).toBe(204)
      const within = { withinMs: elsewhereWithinMs + busyMs }
      for (const node of nodes)
        await eventually(async () => (await statusOf(node, token)) === 401, within)
      for (const socket of sockets) {
        await eventually(() => socket.closed !== undefined, within)
        expect(socket.closed?.code).toBe(4001)
      }
    })
  })
})
