import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { problemJson } from '../../src/protocol/problem.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
let token: string
let auctionId: string
beforeAll(async () => {
  node = await startTestGateway()
  token = (await node.guest('Selma')).token
  auctionId = (await node.auction(token)).id
})
afterAll(() => node.stop())

const auctions = '/api/v1/auctions'
const good = { title: 'A kettle', durationMs: 60_000 }
const postRaw = (raw: string, headers: Record<string, string> = {}) =>
  node.ask('POST', auctions, { token, raw, headers })

describe('a body', () => {
  it.each([
    ['no JSON', '{"title":'],
    ['nothing', ''],
    ['blanks', '   '],
    ['a text', '"title"'],
    ['a number', '7'],
    ['null', 'null'],
    ['a list', '[]'],
    ['two objects', '{}{}'],
  ])('that is %s is bad JSON', async (_what, raw) => {
    expect(await postRaw(raw)).toMatchObject({ status: 400, json: { code: 'bad-json' } })
  })

  it.each([
    ['/price', { ...good, price: 1 }],
    ['/sellerId', { ...good, sellerId: 'x' }],
    ['/seq', { ...good, seq: 1 }],
    [
      '/softClose/grace',
      { ...good, softClose: { windowMs: 1, extensionMs: 1, mode: 'add', grace: 1 } },
    ],
    ['/increment/0/to', { ...good, increment: [{ from: 0, step: 1, to: 2 }] }],
    ['/a~1b~0', { ...good, 'a/b~': 1 }],
  ])('with an unknown field is refused by its name %s', async (pointer, body) => {
    expect(await postRaw(JSON.stringify(body))).toMatchObject({
      status: 400,
      json: { code: 'unknown-field', pointer },
    })
  })

  it('with a value that cannot be measured is refused by its field', async () => {
    const raw = '{"title":{"length":{"toString":1}},"durationMs":60000}'
    expect(await postRaw(raw)).toMatchObject({
      status: 400,
      json: { code: 'bad-request', pointer: '/title' },
    })
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString'])(
    'cannot reach behind objects by %s',
    async (name) => {
      const raw = `{"title":"A kettle","durationMs":60000,"${name}":{"isAdmin":true}}`
      expect(await postRaw(raw)).toMatchObject({
        status: 400,
        json: { code: 'unknown-field', pointer: `/${name}` },
      })
      expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined()
    },
  )

  it.each([
    ['bad-request', '/title', { title: 'x'.repeat(201) }],
    ['bad-request', '/title', { title: ' ' }],
    ['bad-request', '/title', { title: 'a\u0000b' }],
    ['bad-request', '/title', { title: undefined }],
    ['bad-request', '/description', { description: 'é'.repeat(2_049) }],
    ['bad-request', '/description', { description: 'a\u0007b' }],
    ['bad-request', '/currency', { currency: 'usd' }],
    ['bad-request', '/currency', { currency: 'DOLLARS' }],
    ['bad-request', '/currency', { currency: 'XQZ' }],
    ['bad-request', '/durationMs', { durationMs: 999 }],
    ['bad-request', '/durationMs', { durationMs: 90 * 86_400_000 + 1 }],
    ['bad-request', '/durationMs', { durationMs: 1_500.5 }],
    ['bad-request', '/durationMs', { durationMs: '60000' }],
    ['bad-conditions', '/endsAt', { durationMs: undefined }],
    ['bad-conditions', '/endsAt', { endsAt: '2026-01-02T00:00:00Z' }],
    ['bad-conditions', '/endsAt', { durationMs: undefined, endsAt: '2025-12-31T00:00:00Z' }],
    ['bad-request', '/startsAt', { startsAt: 'tomorrow' }],
    ['bad-request', '/startsAt', { startsAt: '2026-01-01' }],
    ['bad-request', '/startsAt', { startsAt: '2026-02-30T00:00:00Z' }],
    ['bad-request', '/startsAt', { startsAt: 1_767_225_600_000 }],
    ['bad-request', '/startsAt', { startsAt: '2026-01-01T00:00:00' }],
    ['bad-amount', '/startPrice', { startPrice: '1.005' }],
    ['bad-amount', '/startPrice', { startPrice: true }],
    ['bad-amount', '/startPrice', { startPrice: '1.5', currency: 'JPY' }],
    ['bad-amount', '/increment', { increment: 'a lot' }],
    ['bad-amount', '/increment', { increment: [] }],
    [
      'bad-amount',
      '/increment/1/step',
      {
        increment: [
          { from: 0, step: 1 },
          { from: 9, step: -1 },
        ],
      },
    ],
    [
      'bad-request',
      '/softClose/mode',
      { softClose: { windowMs: 1, extensionMs: 1, mode: 'both' } },
    ],
    [
      'bad-request',
      '/softClose/windowMs',
      { softClose: { windowMs: 0, extensionMs: 1, mode: 'add' } },
    ],
    ['bad-request', '/softClose', { softClose: 'none' }],
    ['bad-request', '/mayRaiseOwnBid', { mayRaiseOwnBid: 'yes' }],
  ])('%s at %s: %j', async (code, pointer, over) => {
    const reply = await postRaw(JSON.stringify({ ...good, ...over }))
    expect(reply).toMatchObject({ status: 400, json: { code, pointer } })
    problemJson.parse(reply.json)
  })

  it.each([undefined, 'short', 'x'.repeat(65), 'with space', 'ünïcode-id', 'semi;colon;'])(
    'of a bid needs a good bidId, not %j',
    async (bidId) => {
      const body = { bidId, amount: '120' }
      const reply = await node.ask('POST', `${auctions}/${auctionId}/bids`, { token, body })
      expect(reply).toMatchObject({ status: 400, json: { code: 'bad-request', pointer: '/bidId' } })
    },
  )

  it('is refused where none is taken', async () => {
    const body = { reason: 'changed my mind' }
    const reply = await node.ask('POST', `${auctions}/${auctionId}/cancel`, { token, body })
    expect(reply).toMatchObject({
      status: 400,
      json: { code: 'unknown-field', pointer: '/reason' },
    })
  })

  it('may have 16 KiB and no byte more', async () => {
    const padded = (size: number) => JSON.stringify(good).padEnd(size, ' ')
    expect((await postRaw(padded(16 * 1024))).status).toBe(201)
    const reply = await postRaw(padded(16 * 1024 + 1))
    expect(reply).toMatchObject({ status: 413, json: { code: 'too-large' } })
    expect(reply.headers.get('connection')).toBe('close')
  })

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=latin1',
    'application/jsonx',
    'text/json',
  ])('sent as %s is not read', async (type) => {
    const reply = await postRaw(JSON.stringify(good), { 'content-type': type })
    expect(reply).toMatchObject({ status: 415, json: { code: 'wrong-content-type' } })
  })

  it('is never decompressed', async () => {
    const reply = await postRaw(JSON.stringify(good), { 'content-encoding': 'gzip' })
    expect(reply).toMatchObject({ status: 415, json: { code: 'wrong-content-type' } })
  })

  it('is judged after who sends it', async () => {
    const reply = await node.ask('POST', auctions, { raw: 'x'.repeat(100) })
    expect(reply).toMatchObject({ status: 401 })
  })
})

describe('a query', () => {
  it.each([
    [auctions, 'unknown-parameter', 'colour=red'],
    [auctions, 'unknown-parameter', '__proto__=1'],
    [auctions, 'bad-parameter', 'phase=ended'],
    [auctions, 'bad-parameter', 'phase=open&phase=closed'],
    [auctions, 'bad-parameter', 'limit=0'],
    [auctions, 'bad-parameter', 'limit=201'],
    [auctions, 'bad-parameter', 'limit=-1'],
    [auctions, 'bad-parameter', 'limit=ten'],
    [auctions, 'bad-parameter', 'cursor='],
    [auctions, 'bad-parameter', 'cursor=not-ours'],
    ['/api/v1/time', 'unknown-parameter', 't=1'],
  ])('%s is told %s for ?%s', async (path, code, query) => {
    const reply = await node.ask('GET', `${path}?${query}`)
    expect(reply).toMatchObject({ status: 400, json: { code } })
    expect(reply.json).toHaveProperty('parameter')
  })

  it.each(['fresh=yes', 'fresh=true&fresh=true'])('of an auction is not ?%s', async (query) => {
    const reply = await node.ask('GET', `${auctions}/${auctionId}?${query}`)
    expect(reply).toMatchObject({
      status: 400,
      json: { code: 'bad-parameter', parameter: 'fresh' },
    })
  })

  it.each(['after=-1', 'after=1.5', 'after=1e3', 'after=', 'limit=999'])(
    'of events is not ?%s',
    async (query) => {
      const reply = await node.ask('GET', `${auctions}/${auctionId}/events?${query}`)
      expect(reply).toMatchObject({ status: 400, json: { code: 'bad-parameter' } })
    },
  )
})

describe('a path', () => {
  it.each([
    '/nothing',
    '/api/v1',
    '/api/v1/nothing',
    '/api/v2/time',
    '/API/v1/time',
    '/api/v1/time/',
  ])('that is not served is said so: %s', async (path) => {
    const reply = await node.ask('GET', path)
    expect(reply).toMatchObject({ status: 404, json: { code: 'no-such-route' } })
  })

  it.each([
    ['PUT', '/api/v1/auctions', 'POST, GET, OPTIONS'],
    ['DELETE', '/api/v1/auctions', 'POST, GET, OPTIONS'],
    ['GET', `/api/v1/auctions/x/bids`, 'POST, OPTIONS'],
    ['PATCH', '/api/v1/session', 'POST, GET, DELETE, OPTIONS'],
    ['POST', '/healthz', 'GET, OPTIONS'],
  ])('names the methods that it takes when asked with %s %s', async (method, path, methods) => {
    const reply = await node.ask(method, path)
    expect(reply).toMatchObject({ status: 405, json: { code: 'method-not-allowed' } })
    const allowed = reply.headers.get('allow')?.split(', ') ?? []
    expect(allowed.filter((name) => name !== 'HEAD').sort()).toEqual(methods.split(', ').sort())
  })

  it('that is malformed is refused without a stack', async () => {
    const reply = await node.ask('GET', '/api/v1/auctions/%E0%A4%A')
    expect(reply).toMatchObject({ status: 400, json: { code: 'bad-request' } })
    expect(reply.text).not.toMatch(/URIError|at /)
  })
})

describe('every answer', () => {
  it('names its node and its request', async () => {
    for (const path of ['/api/v1/time', '/nothing', '/healthz']) {
      const { headers } = await node.ask('GET', path)
      expect(headers.get('x-lotkeeper-node')).toBe('n1')
      expect(headers.get('x-request-id')).toMatch(/^[\w.-]+$/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
      expect(headers.has('x-powered-by')).toBe(false)
    }
  })

  it("takes over the caller's request id where it is fit for a log", async () => {
    const ask = async (id: string) =>
      (await node.ask('GET', '/healthz', { headers: { 'x-request-id': id } })).headers.get(
        'x-request-id',
      )
    expect(await ask('req-42.a_B')).toBe('req-42.a_B')
    expect(await ask('{"a":1}')).not.toBe('{"a":1}')
    expect(await ask('x'.repeat(65))).not.toContain('xxx')
    expect(await ask('')).not.toBe('')
  })

  it('is given within limits of headers', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(node.port, '127.0.0.1', () => {
        socket.write(`GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'y'.repeat(20_000)}\r\n\r\n`)
      })
      let heard = ''
      socket.on('data', (chunk) => (heard += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(heard))
    })
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
  })
})
