import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { auctionJson, type AuctionJson } from '../../src/protocol/auction.ts'
import { auctionListJson, eventsPageJson } from '../../src/protocol/http.ts'
import { newUlid } from '../../src/lib/ulid.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
let seller: string
let ada: string
beforeAll(async () => {
  node = await startTestGateway()
  seller = (await node.guest('Selma')).token
  ada = (await node.guest('Ada')).token
})
afterAll(() => node.stop())

const create = (body: object, headers: Record<string, string> = {}) =>
  node.ask('POST', '/api/v1/auctions', { token: seller, body, headers })

describe('creating an auction', () => {
  it('answers with the auction, where it is, and its seq', async () => {
    const { status, headers, json } = await create({ title: 'A kettle', durationMs: 60_000 })
    expect(status).toBe(201)
    const auction = auctionJson.parse(json)
    expect(headers.get('location')).toBe(`/api/v1/auctions/${auction.id}`)
    expect(headers.get('etag')).toBe(`"${auction.seq}"`)
    expect(auction).toMatchObject({
      title: 'A kettle',
      description: '',
      seller: { name: 'Selma' },
      currency: 'USD',
      phase: 'open',
      startPrice: '100.00',
      standingBid: null,
      minimumNextBid: '100.00',
      bidCount: 0,
      increment: '1.00',
      softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add' },
      mayRaiseOwnBid: false,
      extensions: 0,
      result: null,
      startsAt: '2026-01-01T00:00:00.000Z',
      endsAt: '2026-01-01T00:01:00.000Z',
      serverTime: '2026-01-01T00:00:00.000Z',
    })
  })

  it('takes every condition', async () => {
    const conditions = {
      description: 'It whistles.\nTwice.',
      currency: 'KWD',
      startPrice: '10.125',
      increment: [
        { from: 0, step: '0.125' },
        { from: '100', step: 1.5 },
      ],
      startsAt: '2026-01-02T00:00:00Z',
      endsAt: '2026-01-03T00:00:00.5+01:00',
      softClose: {
        windowMs: 1_000,
        extensionMs: 2_000,
        mode: 'reset',
        maxExtensions: 3,
        hardEndsAt: '2026-01-04T00:00:00.000Z',
      },
      mayRaiseOwnBid: true,
    }
    const { json } = await create({ title: 'A kettle', ...conditions })
    expect(json).toMatchObject({
      ...conditions,
      phase: 'scheduled',
      increment: [
        { from: '0.000', step: '0.125' },
        { from: '100.000', step: '1.500' },
      ],
      startsAt: '2026-01-02T00:00:00.000Z',
      endsAt: '2026-01-02T23:00:00.500Z',
    })
  })

  it('has defaults in currencies without decimals', async () => {
    const { json } = await create({ title: 'A kettle', durationMs: 60_000, currency: 'JPY' })
    expect(json).toMatchObject({ startPrice: '100', increment: '1' })
  })

  it('needs a session', async () => {
    const body = { title: 'A kettle', durationMs: 60_000 }
    expect((await node.ask('POST', '/api/v1/auctions', { body })).status).toBe(401)
  })

  it('makes one auction for one key, and refuses the key for another', async () => {
    const key = { 'idempotency-key': '"my-key-1"' }
    const body = { title: 'Once', durationMs: 60_000 }
    const first = (await create(body, key)).json as AuctionJson
    const again = (await create(body, { 'idempotency-key': 'my-key-1' })).json as AuctionJson
    expect(again.id).toBe(first.id)
    expect(await create({ ...body, title: 'Twice' }, key)).toMatchObject({
      status: 422,
      json: { code: 'idempotency-key-reused' },
    })
  })

  it('names the field by the path of the caller when the rules refuse', async () => {
    const body = { title: 'A kettle', durationMs: 60_000 }
    expect(await create({ ...body, increment: [{ from: 1, step: 1 }] })).toMatchObject({
      status: 400,
      json: { code: 'bad-conditions', pointer: '/increment/0/from' },
    })
    expect(await create({ ...body, startPrice: 0 })).toMatchObject({
      status: 400,
      json: { code: 'bad-conditions', pointer: '/startPrice' },
    })
  })
})

describe('reading auctions', () => {
  it('shows one, with its seq as ETag', async () => {
    const { id } = await node.auction(seller)
    const { status, headers, json } = await node.ask('GET', `/api/v1/auctions/${id}?fresh=true`)
    expect(status).toBe(200)
    expect(headers.get('etag')).toBe('"2"')
    expect(headers.get('cache-control')).toBe('no-store')
    expect(auctionJson.parse(json).id).toBe(id)
    const head = await node.ask('HEAD', `/api/v1/auctions/${id}`)
    expect(head).toMatchObject({ status: 200, text: '' })
  })

  it('pages through the list', async () => {
    const { id } = await node.auction(seller)
    const seen: string[] = []
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor === '' ? '' : `&cursor=${cursor}`
      const page = await node.ask('GET', `/api/v1/auctions?phase=open&limit=2${query}`)
      const { items, nextCursor } = auctionListJson.parse(page.json)
      expect(items.length).toBeLessThanOrEqual(2)
      seen.push(...items.map((item) => item.id))
      cursor = nextCursor
    }
    expect(seen).toContain(id)
    expect(new Set(seen).size).toBe(seen.length)
  })

  it('reads the journal from any place on', async () => {
    const { id } = await node.auction(seller)
    const body = { bidId: 'first-bid', amount: '100.00' }
    await node.ask('POST', `/api/v1/auctions/${id}/bids`, { token: ada, body })
    const read = async (query: string) =>
      eventsPageJson.parse((await node.ask('GET', `/api/v1/auctions/${id}/events${query}`)).json)
    const all = await read('')
    expect(all.seq).toBe(3)
    expect(all.events.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '1 AuctionCreated',
      '2 AuctionOpened',
      '3 BidAccepted',
    ])
    expect(all.events[2]).toMatchObject({ bidId: 'first-bid', amount: '100.00' })
    expect((await read('?after=2')).events.map(({ seq }) => seq)).toEqual([3])
    expect((await read('?after=0&limit=1')).events.map(({ seq }) => seq)).toEqual([1])
    expect((await read('?after=9')).events).toEqual([])
  })

  it.each(['', '/events', '/bids/some-bid-id'])(
    'knows no auction that is not there: %s',
    async (sub) => {
      const unknown = newUlid(0, systemEntropy)
      for (const id of [unknown, 'nonsense', '%00', '..%2f..%2fetc']) {
        const { status, json } = await node.ask('GET', `/api/v1/auctions/${id}${sub}`, {
          token: ada,
        })
        expect(status).toBe(404)
        expect(json).toMatchObject({ code: 'no-such-auction' })
      }
    },
  )
})

describe('cancelling', () => {
  const cancel = (id: string, token?: string) =>
    node.ask('POST', `/api/v1/auctions/${id}/cancel`, token === undefined ? {} : { token })

  it('is for the seller, before the first bid', async () => {
    const { id } = await node.auction(seller)
    expect(await cancel(id)).toMatchObject({ status: 401 })
    expect(await cancel(id, ada)).toMatchObject({ status: 403, json: { code: 'not-seller' } })
    expect(await cancel(id, seller)).toMatchObject({ status: 200, json: { phase: 'cancelled' } })
    expect(await cancel(id, seller)).toMatchObject({ status: 409, json: { code: 'closed' } })
  })

  it('is refused once there is a bid', async () => {
    const { id } = await node.auction(seller)
    const body = { bidId: 'first-bid', amount: 100 }
    await node.ask('POST', `/api/v1/auctions/${id}/bids`, { token: ada, body })
    expect(await cancel(id, seller)).toMatchObject({ status: 409, json: { code: 'has-bids' } })
  })
})
