import { afterEach, expect, it } from 'vitest'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
afterEach(() => node.stop())

const lot = { title: 'A kettle', durationMs: 3_600_000, softClose: null }
const offer = (token: string, key?: string, from = '10.0.0.1') =>
  node.ask('POST', '/api/v1/auctions', {
    body: lot,
    token,
    headers: { 'x-forwarded-for': from, ...(key !== undefined && { 'idempotency-key': key }) },
  })
const start = (limits: object) => startTestGateway({ trustedProxies: ['127.0.0.1'], limits })

it('so many auctions that were made from one address may be live, whoever made them', async () => {
  node = await start({ liveAuctionsPerAddressMax: 2 })
  const tokens = await Promise.all(
    ['A', 'B', 'C'].map(async (name) => (await node.guest(name)).token),
  )
  const [a, b, c] = tokens as [string, string, string]
  const first = (await offer(a)).json as AuctionJson
  expect((await offer(b, 'once')).status).toBe(201)
  const refused = await offer(c)
  expect(refused).toMatchObject({ status: 429, json: { code: 'too-many-auctions' } })
  expect(refused.text).toContain('from this address')
  expect((await offer(c, undefined, '10.0.0.2')).status).toBe(201)
  // The same creation again is the same auction, at the limit too, and takes no place of its own.
  expect((await offer(b, 'once')).status).toBe(201)
  node.engine.close(first.id)
  expect((await offer(b, 'once')).status).toBe(201)
  expect((await offer(c)).status).toBe(201)
  expect((await offer(c)).status).toBe(429)
})

it('those under way count', async () => {
  node = await start({ liveAuctionsPerAddressMax: 3 })
  const { token } = await node.guest('A')
  const offered = await Promise.all(Array.from({ length: 10 }, () => offer(token)))
  const made = offered.filter(({ status }) => status === 201)
  expect(made).toHaveLength(3)
})

it('a creation that is refused for its conditions takes no place', async () => {
  node = await start({ liveAuctionsPerAddressMax: 1 })
  const { token } = await node.guest('A')
  const wrong = { ...lot, startsAt: '2026-01-01T00:00:00Z', endsAt: '2020-01-01T00:00:00Z' }
  for (let turn = 0; turn < 2; turn++) {
    const { durationMs: _, ...body } = wrong
    const headers = { 'x-forwarded-for': '10.0.0.1' }
    expect((await node.ask('POST', '/api/v1/auctions', { body, token, headers })).status).toBe(400)
  }
  expect((await offer(token)).status).toBe(201)
})

it('a store that is nearly full takes no guests and auctions; bids and the same creation again go on', async () => {
  node = await start({ storeFillPercentMax: 90 })
  const [seller, bidder] = [await node.guest('Selma'), await node.guest('Ada')]
  const made = (await offer(seller.token, 'once')).json as AuctionJson
  node.engine.fillPercent = 90
  const full = { status: 507, json: { code: 'store-full' } }
  expect(await node.ask('POST', '/api/v1/session', { body: { name: 'Ida' } })).toMatchObject(full)
  expect(await offer(seller.token)).toMatchObject(full)
  expect((await offer(seller.token, 'once')).json).toMatchObject({ id: made.id })
  const bid = { bidId: 'ada-bids-100', amount: '100' }
  const path = `/api/v1/auctions/${made.id}/bids`
  expect((await node.ask('POST', path, { body: bid, token: bidder.token })).status).toBe(201)
  node.engine.fillPercent = 89.9
  expect((await offer(seller.token)).status).toBe(201)
  // Nobody knows: nothing is refused.
  node.engine.fillPercent = undefined
  expect((await offer(seller.token)).status).toBe(201)
})
