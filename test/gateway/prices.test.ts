import { afterEach, describe, expect, it } from 'vitest'
import { createManualClock } from '../support/manual-clock.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
afterEach(() => node.stop())

const unknownId = '01JAAAAAAAAAAAAAAAAAAAAAAA'

/** How many of these the budget of one address serves before it refuses. */
async function served(path: string, most = 50): Promise<number> {
  for (let count = 0; count < most; count++) {
    if ((await node.ask('GET', path)).status === 429) return count
  }
  return most
}

describe('a call costs what it does', () => {
  it.each([
    ['/api/v1/time', 40],
    ['/api/v1/auctions?limit=20', 13],
    ['/api/v1/auctions?limit=200', 3],
    ['/metrics', 2],
    ['/openapi.json', 6],
    ['/nowhere', 40],
    [`/api/v1/auctions/${unknownId}`, 4],
    ['/healthz', 50],
    ['/readyz', 50],
  ])('%s', async (path, count) => {
    const limits = { readsPerSecond: 1, readsBurst: 40 }
    node = await startTestGateway({ limits, clock: createManualClock() })
    expect(await served(path)).toBe(count)
  })

  it('a frame that subscribes again costs more than the first', async () => {
    const limits = { subscribesPerSecond: 1, subscribesBurst: 20 }
    node = await startTestGateway({ limits, clock: createManualClock() })
    const { token } = await node.guest('Selma')
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push((await node.auction(token)).id)
    const socket = await node.socket()
    for (const auctionId of ids) socket.send({ type: 'subscribe', auctionId })
    await socket.next('snapshot', 4)
    socket.send({ type: 'subscribe', auctionId: ids[0] })
    await socket.next('snapshot', 5)
    socket.send({ type: 'subscribe', auctionId: ids[0] })
    expect(await socket.next('error')).toMatchObject({ code: 'rate-limited', auctionId: ids[0] })
  })

  it('bids and writes of all people of one address are counted together', async () => {
    const limits = {
      ...{ addressBidsPerSecond: 1, addressBidsBurst: 5 },
      ...{ addressWritesPerSecond: 1, addressWritesBurst: 3 },
    }
    node = await startTestGateway({ limits, clock: createManualClock() })
    const guests = await Promise.all(['Ada', 'Ben', 'Cleo'].map((name) => node.guest(name)))
    const { id } = await node.auction(guests[0]?.token ?? '')
    const bid = async (token: string, number: number) =>
      (
        await node.ask('POST', `/api/v1/auctions/${id}/bids`, {
          token,
          body: { bidId: `bid-number-${number}`, amount: String(200 + number) },
        })
      ).status
    const statuses: number[] = []
    for (let number = 0; number < 6; number++) {
      statuses.push(await bid(guests[1 + (number % 2)]?.token ?? '', number))
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 429])
    for (const { token } of guests.slice(1)) await node.auction(token)
    await expect(node.auction(guests[0]?.token ?? '')).rejects.toThrow('rate-limited')
  })
})

describe('an address that spends all that it may', () => {
  it('leaves enough for others, on HTTP and WebSocket', async () => {
    const limits = {
      ...{ readsPerSecond: 200, readsBurst: 400, nodeUnitsPerSecond: 200, nodeUnitsBurst: 200 },
      ...{ nodeBidsPerSecond: 20, nodeBidsBurst: 20 },
    }
    const trustedProxies = ['127.0.0.1']
    node = await startTestGateway({ limits, trustedProxies, clock: createManualClock() })
    const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
    const seller = await node.guest('Selma')
    const { id } = await node.auction(seller.token)
    const heavy = () => node.ask('GET', '/api/v1/auctions?limit=200', from('203.0.113.1'))
    const asked = await Promise.all(Array.from({ length: 60 }, heavy))
    expect(asked.filter(({ status }) => status === 429).length).toBeGreaterThan(30)
    for (let call = 0; call < 20; call++) {
      expect((await heavy()).status).toBe(429)
      const { status } = await node.ask('GET', '/api/v1/time', from('203.0.113.2'))
      expect(status).toBe(200)
    }
    const socket = await node.socket()
    socket.send({ type: 'hello', token: seller.token })
    socket.send({ type: 'subscribe', auctionId: id })
    socket.send({ type: 'time', t0: 1 })
    await Promise.all([socket.next('snapshot'), socket.next('time')])
    expect(socket.all('error')).toEqual([])
  })
})
