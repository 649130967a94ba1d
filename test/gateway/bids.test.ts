import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { OperatingError } from '../../src/lib/errors.ts'
import { bidAcceptanceJson, bidTimingJson } from '../../src/protocol/outcome.ts'
import { problemJson } from '../../src/protocol/problem.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
let seller: string
let ada: string
let ben: string
let bidCount = 0
const newBidId = () => `bid-${String(bidCount++).padStart(8, '0')}`

beforeAll(async () => {
  node = await startTestGateway()
  seller = (await node.guest('Selma')).token
  ada = (await node.guest('Ada')).token
  ben = (await node.guest('Ben')).token
})
afterAll(() => node.stop())
afterEach(() => {
  node.engine.placing = undefined
  node.engine.failure = undefined
  node.isDraining = false
})

const bid = (id: string, token: string, body: object, headers: Record<string, string> = {}) =>
  node.ask('POST', `/api/v1/auctions/${id}/bids`, { token, body, headers })

describe('an accepted bid', () => {
  it('has its place in the journal, and has it again when sent again', async () => {
    const { id } = await node.auction(seller)
    const body = { bidId: newBidId(), amount: '120.00' }
    const first = await bid(id, ada, body)
    expect(first.status).toBe(201)
    expect(bidAcceptanceJson.parse(first.json)).toEqual({
      outcome: 'accepted',
      bidId: body.bidId,
      seq: 3,
      amount: '120.00',
      at: '2026-01-01T00:00:00.000Z',
      minimumNextBid: '121.00',
      endsAt: '2026-01-01T01:00:00.000Z',
    })
    const again = await bid(id, ada, { ...body, amount: 120 })
    expect(again).toMatchObject({ status: 201, json: first.json })
  })

  it('tells where its time went, or null where this node did not take it', async () => {
    const { id } = await node.auction(seller)
    const bidId = newBidId()
    await bid(id, ada, { bidId, amount: '120.00' })
    const path = `/api/v1/auctions/${id}/bids`
    const told = await node.ask('GET', `${path}/${bidId}/timing`, { token: ada })
    expect(told.status).toBe(200)
    expect(bidTimingJson.parse(told.json).timing).toMatchObject({ commitMs: 4, batchSize: 1 })
    const other = await node.ask('GET', `${path}/${newBidId()}/timing`, { token: ada })
    expect(bidTimingJson.parse(other.json).timing).toBeNull()
    expect((await node.ask('GET', `${path}/${bidId}/timing`, {})).status).toBe(401)
  })

  it('may be named by Idempotency-Key', async () => {
    const { id } = await node.auction(seller)
    const key = newBidId()
    const { json } = await bid(id, ada, { amount: '120' }, { 'idempotency-key': key })
    expect(json).toMatchObject({ outcome: 'accepted', bidId: key })
    const both = await bid(
      id,
      ada,
      { amount: '120', bidId: newBidId() },
      { 'idempotency-key': key },
    )
    expect(both).toMatchObject({ status: 400, json: { code: 'bad-request', pointer: '/bidId' } })
  })

  it('can be looked up by its bidder', async () => {
    const { id } = await node.auction(seller)
    const bidId = newBidId()
    const look = (token: string) =>
      node.ask('GET', `/api/v1/auctions/${id}/bids/${bidId}`, { token })
    expect(await look(ada)).toMatchObject({
      status: 404,
      json: { code: 'not-in-journal', final: false },
    })
    const { json } = await bid(id, ada, { bidId, amount: '120' })
    expect(await look(ada)).toMatchObject({ status: 200, json: json as object })
    expect((await look(ben)).status).toBe(404)
    node.engine.close(id)
    expect(await look(ben)).toMatchObject({ json: { code: 'not-in-journal', final: true } })
  })
})

describe('a refused bid', () => {
  it('says what would do when it is too low', async () => {
    const { id } = await node.auction(seller)
    await bid(id, ada, { bidId: newBidId(), amount: '120' })
    const { status, headers, json } = await bid(id, ben, { bidId: newBidId(), amount: '120.50' })
    expect(status).toBe(409)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(problemJson.parse(json)).toMatchObject({
      type: 'urn:lotkeeper:problem:bid-too-low',
      status: 409,
      code: 'bid-too-low',
      final: true,
      seq: 3,
      minimumNextBid: '121.00',
      endsAt: '2026-01-01T01:00:00.000Z',
      requestId: headers.get('x-request-id'),
    })
  })

  it('is final for the seller and after the close, and not before the start or for a standing bid', async () => {
    const { id } = await node.auction(seller)
    const later = await node.auction(seller, { startsAt: '2026-02-01T00:00:00Z' })
    const place = (auctionId: string, token: string) =>
      bid(auctionId, token, { bidId: newBidId(), amount: '150' })
    expect(await place(id, seller)).toMatchObject({
      status: 409,
      json: { code: 'seller-may-not-bid', final: true },
    })
    expect(await place(later.id, ada)).toMatchObject({
      status: 409,
      json: { code: 'not-open', final: false },
    })
    await place(id, ada)
    expect(await bid(id, ada, { bidId: newBidId(), amount: '200' })).toMatchObject({
      status: 409,
      json: { code: 'own-bid', final: false },
    })
    node.engine.close(id)
    expect(await place(id, ben)).toMatchObject({
      status: 409,
      json: { code: 'closed', final: true },
    })
  })

  it('does not take the id of another amount', async () => {
    const { id } = await node.auction(seller)
    const bidId = newBidId()
    await bid(id, ada, { bidId, amount: '120' })
    expect(await bid(id, ada, { bidId, amount: '121' })).toMatchObject({
      status: 422,
      json: { code: 'bid-id-reused', final: false },
    })
  })

  it.each<[string, Partial<BidOutcome>, number, boolean]>([
    ['overloaded', { code: 'overloaded', retryAfterMs: 1_500 }, 503, true],
    ['store-unavailable', { code: 'store-unavailable', retryAfterMs: 200 }, 503, true],
    ['closing', { code: 'closing', retryAfterMs: 500 }, 503, true],
    ['quarantined', { code: 'quarantined' }, 503, false],
    ['no-such-auction', { code: 'no-such-auction' }, 404, false],
  ])('is not counted when %s', async (code, refusal, status, mayRetry) => {
    const { id } = await node.auction(seller)
    node.engine.placing = async ({ bidId }) =>
      ({ outcome: 'rejected', final: false, bidId, ...refusal }) as BidOutcome
    const reply = await bid(id, ada, { bidId: newBidId(), amount: '120' })
    expect(reply).toMatchObject({ status, json: { code, final: false } })
    expect(reply.headers.has('retry-after')).toBe(mayRetry)
  })

  it('is refused by a node that leaves', async () => {
    const { id } = await node.auction(seller)
    node.isDraining = true
    const reply = await bid(id, ada, { bidId: newBidId(), amount: '120' })
    expect(reply).toMatchObject({ status: 503, json: { code: 'draining', final: false } })
    expect(reply.headers.get('retry-after')).toBe('1')
  })
})

describe('a bid of which nobody knows what became', () => {
  it('is unknown, never refused', async () => {
    const { id } = await node.auction(seller)
    node.engine.placing = async ({ bidId }) => ({ outcome: 'unknown', bidId })
    expect(await bid(id, ada, { bidId: newBidId(), amount: '120' })).toMatchObject({
      status: 504,
      json: { code: 'outcome-unknown', final: false },
    })
  })

  it('is unknown when the node fails at it, for it may have landed', async () => {
    const { id } = await node.auction(seller)
    node.engine.placing = async () => {
      throw new Error('secret words of a bug')
    }
    const reply = await bid(id, ada, { bidId: newBidId(), amount: '120' })
    expect(reply).toMatchObject({ status: 504, json: { code: 'outcome-unknown', final: false } })
    expect(reply.text).not.toContain('secret')
  })

  it.each([
    ['suspended', 503, 'store-unavailable'],
    ['session-lost', 503, 'store-unavailable'],
    ['unsettled', 503, 'unsettled'],
    ['outcome-unknown', 504, 'outcome-unknown'],
    ['quarantined', 503, 'quarantined'],
    ['anything else', 500, 'internal'],
  ])('maps the error %s to %i %s and keeps its words inside', async (thrown, status, code) => {
    const { id } = await node.auction(seller)
    node.engine.failure = new OperatingError(thrown, 'secret words of the machinery')
    const { status: seen, json, text } = await bid(id, ada, { bidId: newBidId(), amount: '120' })
    expect(seen).toBe(status)
    expect(json).toMatchObject({ code, final: false })
    expect(text).not.toMatch(/secret|at .*\.ts/)
  })
})

describe('amounts', () => {
  it.each([
    '1e3',
    '-1',
    '+1',
    '0x10',
    ' 120',
    '120 ',
    '120,00',
    '1,200',
    '120.',
    '.5',
    '120.001',
    '007',
    'NaN',
    'Infinity',
    '',
    '9007199254740993.00',
    '99999999999999999999999',
    '١٢٠',
  ])('refuses the text %j', async (amount) => {
    const { id } = await node.auction(seller)
    expect(await bid(id, ada, { bidId: newBidId(), amount })).toMatchObject({
      status: 400,
      json: { code: 'bad-amount', pointer: '/amount' },
    })
  })

  it.each(['1e21', '-120', '120.005', '1e-7', 'null', 'true', '[]', '{}', '["120"]'])(
    'refuses the JSON value %s',
    async (amount) => {
      const { id } = await node.auction(seller)
      const raw = `{"bidId":"${newBidId()}","amount":${amount}}`
      const reply = await node.ask('POST', `/api/v1/auctions/${id}/bids`, { token: ada, raw })
      expect(reply).toMatchObject({
        status: 400,
        json: { code: 'bad-amount', pointer: '/amount' },
      })
    },
  )

  it('takes numbers and short decimals as what they say', async () => {
    const { id } = await node.auction(seller, { mayRaiseOwnBid: true })
    const amounts: unknown[] = []
    for (const amount of [120.5, '130.1', 140]) {
      const { json } = await bid(id, ada, { bidId: newBidId(), amount })
      amounts.push((json as { amount: unknown }).amount)
    }
    expect(amounts).toEqual(['120.50', '130.10', '140.00'])
  })
})

it('limits the rate by bidder, not by address', async () => {
  const strict = await startTestGateway({ limits: { bidsPerSecond: 1, bidsBurst: 5 } })
  const { token } = await strict.guest('Selma')
  const { id } = await strict.auction(token)
  const hasty = (await strict.guest('Hasty')).token
  const calm = (await strict.guest('Calm')).token
  const place = (who: string) =>
    strict.ask('POST', `/api/v1/auctions/${id}/bids`, {
      token: who,
      body: { bidId: newBidId(), amount: '1' },
    })
  const replies = await Promise.all(Array.from({ length: 20 }, () => place(hasty)))
  const refused = replies.filter(({ status }) => status === 429)
  const patient = await place(calm)
  await strict.stop()
  expect(refused).toHaveLength(15)
  expect(refused[0]).toMatchObject({ json: { code: 'rate-limited', final: false } })
  expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  expect(patient.status).toBe(409)
})
