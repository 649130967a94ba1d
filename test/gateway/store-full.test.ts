import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { silentLog } from '../../src/lib/log.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { defaultNodeConfig } from '../../src/node/config.ts'
import { type NodeParts, type RunningNode, startNode } from '../../src/node/start-node.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { NewSessionJson } from '../../src/protocol/http.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { eventually } from '../support/eventually.ts'
import { openSocket } from './test-socket.ts'

let node: RunningNode | undefined
let folder: string | undefined
afterEach(async () => {
  await node?.stop()
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true })
  folder = undefined
})

async function start(store: string, parts: NodeParts): Promise<void> {
  const config = { ...defaultNodeConfig, port: 0, store, nodeId: 'n1' }
  node = await startNode(config, { log: silentLog, ...parts })
}

async function ask(method: string, path: string, body?: object, token?: string) {
  const headers = {
    ...(body !== undefined && { 'content-type': 'application/json' }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const response = await fetch(`${node?.url}${path}`, { method, headers, ...sent })
  return { status: response.status, json: (await response.json()) as Record<string, unknown> }
}
const guest = async (name: string) =>
  (await ask('POST', '/api/v1/session', { name })).json as unknown as NewSessionJson

it('a full store is not ready, and every socket is told why', async () => {
  const memoryWorld = createMemoryWorld({ clock: systemClock })
  await start('memory:', { memoryWorld })
  const socket = await openSocket(node?.wsUrl ?? '')
  socket.send({ type: 'hello' })
  await socket.next('welcome')
  memoryWorld.isFull = true
  expect(await socket.next('paused')).toMatchObject({ reason: 'the store is full' })
  expect(await ask('GET', '/readyz')).toEqual({
    status: 503,
    json: { ready: false, reasons: ['paused: the store is full'] },
  })
  memoryWorld.isFull = false
  await socket.next('resumed')
  expect((await ask('GET', '/readyz')).status).toBe(200)
  socket.terminate()
})

const stores = [
  ['memory', () => 'memory:'],
  ['embedded', () => `embedded:${(folder = mkdtempSync(join(tmpdir(), 'lotkeeper-fill-')))}`],
] as const

it.each(stores)('on %s, a store that is nearly full takes bids and closes', async (_, storeOf) => {
  let bytes = 50
  let measuredCount = 0
  const measure = async () => {
    measuredCount++
    return { keys: 1, bytes, bytesMax: 100 }
  }
  // Ten seconds are too long to wait for.
  await start(storeOf(), { measure, measureEveryMs: 50 })
  const [seller, ada] = [await guest('Selma'), await guest('Ada')]
  const lot = { title: 'A kettle', durationMs: 3_000, softClose: null }
  const offer = () => ask('POST', '/api/v1/auctions', lot, seller.token)
  const { id } = (await offer()).json as unknown as AuctionJson
  bytes = 90
  const seen = measuredCount
  await eventually(() => measuredCount > seen + 1)
  expect(await ask('POST', '/api/v1/session', { name: 'Ida' })).toMatchObject({
    status: 507,
    json: { code: 'store-full', title: 'The store is nearly full; ask the operator' },
  })
  expect((await offer()).status).toBe(507)
  const bid = { bidId: 'ada-bids-100', amount: '100' }
  const placed = await ask('POST', `/api/v1/auctions/${id}/bids`, bid, ada.token)
  expect(placed).toMatchObject({ status: 201 })
  await eventually(async () => {
    const { json } = await ask('GET', `/api/v1/auctions/${id}`)
    return json['phase'] === 'closed'
  })
  expect((await ask('GET', '/readyz')).status).toBe(200)
  const metrics = await (await fetch(`${node?.url}/metrics`)).text()
  expect(metrics).toContain('lotkeeper_store_bytes 90')
})
