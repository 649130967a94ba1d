import { afterAll, beforeAll, expect, it } from 'vitest'
import type { AuctionListJson } from '../../src/protocol/http.ts'
import { auctionListJson } from '../../src/protocol/http.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway()
})
afterAll(() => node.stop())

const list = async (): Promise<AuctionListJson['items']> =>
  auctionListJson.parse((await node.ask('GET', '/api/v1/auctions')).json).items

it('a list has beginnings of long descriptions, the auction has all of it', async () => {
  const { token } = await node.guest('Selma')
  const description = '🦉'.repeat(1_000)
  const long = await node.auction(token, { description })
  const short = await node.auction(token, { description: '🦉'.repeat(200) })
  const items = await list()
  const itemOf = (id: string) => items.find((item) => item.id === id)
  expect(itemOf(long.id)).toMatchObject({ description: '🦉'.repeat(200), descriptionCut: true })
  expect(itemOf(short.id)?.description).toBe('🦉'.repeat(200))
  expect(itemOf(short.id)).not.toHaveProperty('descriptionCut')
  const { json } = await node.ask('GET', `/api/v1/auctions/${long.id}`)
  expect(json).toMatchObject({ description })
  expect(json).not.toHaveProperty('descriptionCut')
})

it('a list that is told again has the time of now, and what was bid meanwhile', async () => {
  const { token } = await node.guest('Selma')
  const { id } = await node.auction(token)
  const before = (await list()).find((item) => item.id === id)
  node.engine.nowMs = (node.engine.nowMs ?? 0) + 5_000
  const bidder = await node.guest('Ada')
  await node.ask('POST', `/api/v1/auctions/${id}/bids`, {
    token: bidder.token,
    body: { bidId: 'bid-in-list', amount: '120' },
  })
  const after = (await list()).find((item) => item.id === id)
  expect(after).toMatchObject({ bidCount: 1, standingBid: { amount: '120.00' } })
  expect(Date.parse(after?.serverTime ?? '') - Date.parse(before?.serverTime ?? '')).toBe(5_000)
  const one = (await node.ask('GET', `/api/v1/auctions/${id}`)).json
  expect(after).toEqual(one)
})
