import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOrigins } from '../../src/gateway/origins.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
let token: string
beforeAll(async () => {
  node = await startTestGateway({ allowOrigins: ['https://front.example'] })
  node.engine.members = ['http://10.0.0.2:8080', 'https://n3.example']
  token = (await node.guest('Selma')).token
})
afterAll(() => node.stop())

const own = () => `http://127.0.0.1:${node.port}`
const foreign: [string, () => string][] = [
  ['another host', () => 'http://evil.example'],
  ['a host that begins like ours', () => `http://127.0.0.1:${node.port}.evil.example`],
  ['a host that ends like ours', () => 'https://evil-front.example'],
  ['a subdomain', () => 'https://good.front.example'],
  ['https in place of http', () => own().replace('http:', 'https:')],
  ['http in place of https', () => 'http://front.example'],
  ['another port', () => 'http://127.0.0.1:1'],
  ['another port of a member', () => 'http://10.0.0.2:8081'],
  ['null', () => 'null'],
  ['nonsense', () => 'nonsense'],
  ['a trailing path', () => `${own()}/`],
]
const ours: [string, () => string][] = [
  ['itself', own],
  ['itself by another name', () => `http://localhost:${node.port}`],
  ['a member', () => 'http://10.0.0.2:8080'],
  ['a member behind TLS', () => 'https://n3.example'],
  ['what the operator allowed', () => 'https://front.example'],
]

describe('a page of another origin', () => {
  it.each(foreign)('%s may not write', async (_what, origin) => {
    const reply = await node.ask('POST', '/api/v1/session', {
      body: { name: 'Eve' },
      headers: { origin: origin() },
    })
    expect(reply).toMatchObject({ status: 403, json: { code: 'origin-not-allowed' } })
    expect(reply.headers.has('access-control-allow-origin')).toBe(false)
  })

  it.each(foreign)(
    '%s may not read answers, nor ask whether it may write',
    async (_what, origin) => {
      const read = await node.ask('GET', '/api/v1/auctions', { headers: { origin: origin() } })
      expect(read.headers.has('access-control-allow-origin')).toBe(false)
      const preflight = await node.ask('OPTIONS', '/api/v1/auctions', {
        headers: { origin: origin(), 'access-control-request-method': 'POST' },
      })
      expect(preflight.status).toBe(403)
    },
  )

  it.each(foreign)('%s gets no socket', async (_what, origin) => {
    await expect(node.socket({ origin: origin() })).rejects.toThrow('handshake refused: 403')
  })

  it("cannot use a visitor's cookie by leaving its origin out", async () => {
    for (const site of ['cross-site', 'same-site']) {
      const reply = await node.ask('DELETE', '/api/v1/session', {
        headers: { cookie: `${node.cookieName}=${token}`, 'sec-fetch-site': site },
      })
      expect(reply).toMatchObject({ status: 403, json: { code: 'origin-not-allowed' } })
    }
    expect((await node.ask('GET', '/api/v1/session', { token })).status).toBe(200)
  })
})

describe('a page of ours', () => {
  it.each(ours)('%s may write and read what it is told', async (_what, origin) => {
    const reply = await node.ask('POST', '/api/v1/session', {
      body: { name: 'Ada' },
      headers: { origin: origin() },
    })
    expect(reply.status).toBe(201)
    expect(reply.headers.get('access-control-allow-origin')).toBe(origin())
    expect(reply.headers.get('vary')).toMatch(/origin/i)
    expect(reply.headers.get('access-control-expose-headers')).toMatch(/X-Lotkeeper-Node/)
  })

  it.each(ours)('%s is told beforehand that it may', async (_what, origin) => {
    const { status, headers } = await node.ask('OPTIONS', '/api/v1/auctions', {
      headers: {
        origin: origin(),
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization, content-type',
      },
    })
    expect(status).toBe(204)
    expect(headers.get('access-control-allow-origin')).toBe(origin())
    expect(headers.get('access-control-allow-headers')?.toLowerCase()).toContain('authorization')
    expect(headers.get('access-control-allow-methods')).toContain('POST')
  })

  it.each(ours)('%s gets its socket', async (_what, origin) => {
    const socket = await node.socket({ origin: origin() })
    expect((await socket.next('welcome')).nodeId).toBe('n1')
  })

  it('is a member only as long as that member lives', async () => {
    node.engine.members = ['https://n3.example']
    await expect(node.socket({ origin: 'http://10.0.0.2:8080' })).rejects.toThrow('403')
    node.engine.members = ['http://10.0.0.2:8080', 'https://n3.example']
  })
})

it('lets programs in, which have no origin', async () => {
  const reply = await node.ask('POST', '/api/v1/session', { body: { name: 'Program' } })
  expect(reply.status).toBe(201)
  await (await node.socket()).next('welcome')
})

it('survives a member that advertises nonsense', () => {
  const origins = createOrigins({
    hosts: { isOurs: () => false },
    ownUrl: () => '',
    memberUrls: () => ['', 'not a url', "javascript:alert('x')", 'http://a b', 'http://ok:1'],
    allowOrigins: [],
  })
  const plain = { host: undefined, isSecure: false }
  expect(origins.connectSources()).toEqual(['http://ok:1', 'ws://ok:1'])
  expect(origins.isAllowed('http://ok:1', plain)).toBe(true)
  expect(origins.isAllowed('null', plain)).toBe(false)
})
