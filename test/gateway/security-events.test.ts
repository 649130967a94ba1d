import { afterEach, expect, it } from 'vitest'
import { createSecurityLog } from '../../src/gateway/security-log.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { eventually } from '../support/eventually.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
afterEach(() => node.stop())

async function start(limits: Parameters<typeof startTestGateway>[0] = {}) {
  const lines: Record<string, unknown>[] = []
  const log = { ...silentLog, info: (fields: object) => void lines.push({ ...fields }) }
  const security = createSecurityLog({ log, clock: createManualClock() })
  node = await startTestGateway({ ...limits, security })
  return lines
}

it('a refused token is noted with address and request, and never shown', async () => {
  const lines = await start({ limits: { wrongTokensPerSecond: 1, wrongTokensBurst: 1 } })
  const token = 'secret-secret-secret-secret'
  await node.ask('GET', '/api/v1/session', { token, headers: { 'x-request-id': 'first' } })
  await node.ask('GET', '/api/v1/session', { token, headers: { 'x-request-id': 'second' } })
  await node.ask('GET', '/api/v1/session', { token: 'se!cret' })
  const socket = await node.socket()
  socket.send({ type: 'hello', token })
  await socket.next('welcome', 1)
  const address = '127.0.0.1'
  expect(lines).toMatchObject([
    { security: 'token-refused', address, requestId: 'first' },
    {
      security: 'rate-exceeded',
      address,
      requestId: 'second',
      detail: 'wrongTokens of the address',
    },
    { security: 'token-refused', address, detail: 'malformed' },
    { security: 'rate-exceeded', address, detail: 'wrongTokens of the address' },
  ])
  expect(JSON.stringify(lines)).not.toMatch(/se.?cret/)
})

it('a rate that is exceeded is noted with the person, over HTTP and WebSocket', async () => {
  const lines = await start({ limits: { bidsPerSecond: 1, bidsBurst: 1 } })
  const { token, user } = await node.guest('Ada')
  const { id } = await node.auction((await node.guest('Selma')).token)
  const bid = { bidId: 'one-of-many', amount: '1' }
  const path = `/api/v1/auctions/${id}/bids`
  await node.ask('POST', path, { token, body: bid })
  await node.ask('POST', path, { token, body: bid })
  const socket = await node.socket({ cookie: `${node.cookieName}=${token}` })
  socket.send({ type: 'bid', auctionId: id, ...bid })
  await socket.next('outcome')
  const fact = { security: 'rate-exceeded', personId: user.id, detail: 'bids of the person' }
  const exceeded = lines.filter((line) => 'security' in line && line.security === fact.security)
  expect(exceeded).toMatchObject([fact, fact])
})

it('a page of strangers is noted, over HTTP and WebSocket', async () => {
  const lines = await start()
  const origin = 'https://evil.example'
  const body = { name: 'Ada' }
  await node.ask('POST', '/api/v1/session', { body, headers: { origin } })
  await expect(node.socket({ origin })).rejects.toThrow('403')
  await eventually(() => lines.length === 2)
  expect(lines).toMatchObject([
    { security: 'origin-refused', detail: 'http' },
    { security: 'origin-refused', detail: 'websocket' },
  ])
})

it('nothing that a stranger sends is written: no control characters, no lines of its own', async () => {
  const lines = await start()
  await node.ask('GET', '/api/v1/session', {
    headers: {
      'x-request-id': 'a "forged": \u00e9 line',
      'x-forwarded-for': '203.0.113.9 forged',
      authorization: 'Bearer \u001b[31m'.replace('\u001b', '\u00e9'),
    },
  })
  expect(lines).toHaveLength(1)
  expect(lines[0]?.['requestId']).toMatch(/^[a-z0-9]+-[a-z0-9]+$/)
  expect(lines[0]?.['address']).toBe('127.0.0.1')
  expect(JSON.stringify(lines)).toMatch(/^[\x20-\x7e]*$/)
  expect(JSON.stringify(lines)).not.toContain('forged')
})
