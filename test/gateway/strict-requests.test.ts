import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openRaw, requestText } from './raw-client.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway({ webApp: true })
})
afterAll(() => node.stop())

async function answerTo(...texts: (string | Buffer)[]): Promise<{ status: number; text: string }> {
  const client = await openRaw(node.port)
  for (const text of texts) client.send(text)
  await eventually(() => /\r\n\r\n[^]+$/.test(client.heard))
  client.socket.destroy()
  return { status: Number(client.heard.slice(9, 12)), text: client.heard }
}

describe('a body', () => {
  it.each([
    ['that is no UTF-8', Buffer.from('{"name":"\xc3("}', 'latin1')],
    ['with a surrogate in UTF-8', Buffer.from('{"name":"\xed\xa0\x80"}', 'latin1')],
    ['that names a field twice', Buffer.from('{"name":"Ada","name":"Ben"}')],
    ['that names a field twice in other letters', Buffer.from('{"name":"Ada","n\\u0061me":"B"}')],
  ])('%s is refused', async (_, body) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': `${body.length}` }
    const answer = await answerTo(requestText('POST /api/v1/session', headers), body)
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('"code":"bad-json"')
  })

  it.each([
    '{"name":"a:b\\":,{}"}',
    '{"name":"Zo\u00eb"}',
    '\ufeff{"name":"Ada"}',
    ' { "name" : "A\\u0064a" } ',
  ])('is taken: %s', async (raw) => {
    expect((await node.ask('POST', '/api/v1/session', { raw })).status).toBe(201)
  })

  it('is refused when it is deep', async () => {
    const raw = `{"name":${'['.repeat(7_000)}${']'.repeat(7_000)}}`
    const reply = await node.ask('POST', '/api/v1/session', { raw })
    expect(reply).toMatchObject({ status: 400, json: { code: 'bad-json' } })
  })
})

it('a frame that names a field twice is refused', async () => {
  const socket = await node.socket()
  socket.sendRaw('{"type":"time","t0":1,"t0":2}')
  expect(await socket.next('error')).toMatchObject({ code: 'bad-json' })
})

describe('headers', () => {
  it.each(['Host', 'Content-Type', 'Authorization', 'Origin', 'Idempotency-Key', 'X-Request-Id'])(
    'of which there may be one stand there once: %s',
    async (name) => {
      const text = `GET /healthz HTTP/1.1\r\nHost: x\r\n${name}: a\r\n${name}: a\r\n\r\n`
      const answer = await answerTo(text)
      expect(answer.status).toBe(400)
      expect(answer.text).toContain('"code":"bad-request"')
    },
  )

  it('of an upgrade as well', async () => {
    const text = requestText('GET /ws', { Connection: 'Upgrade', Upgrade: 'websocket' })
    const answer = await answerTo(text.replace('Host: x', 'Host: x\r\nHost: y'))
    expect(answer.status).toBe(400)
  })

  it('name a host, by a problem', async () => {
    const answer = await answerTo('GET /healthz HTTP/1.1\r\n\r\n')
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('problem+json')
    expect((await answerTo('GET /healthz HTTP/1.0\r\n\r\n')).status).toBe(200)
  })

  it.each([
    [431, 'headers-too-large', `GET / HTTP/1.1\r\nHost: x\r\nX: ${'y'.repeat(20_000)}\r\n\r\n`],
    [
      400,
      'bad-request',
      'GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    ],
    [400, 'bad-request', 'nonsense\r\n\r\n'],
    [417, 'expectation-failed', requestText('GET /healthz', { Expect: 'wonders' })],
  ])('that make no sense get a problem: %i %s', async (status, code, text) => {
    const answer = await answerTo(text)
    expect(answer.status).toBe(status)
    expect(answer.text).toContain(`"code":"${code}"`)
    expect(answer.text.toLowerCase()).toContain('x-request-id: ')
  })
})

it('a request that comes in drop by drop is ended by a problem', async () => {
  const slow = await startTestGateway({ limits: { headersTimeoutMs: 100, requestTimeoutMs: 100 } })
  const client = await openRaw(slow.port)
  client.send('GET / HT')
  await eventually(() => client.isClosed)
  expect(client.heard).toMatch(/^HTTP\/1\.1 408 /)
  expect(client.heard).toContain('request-timeout')
  await slow.stop()
})

it('nothing but the web app may be kept, and no answer may be a page', async () => {
  const calls: [string, string][] = [
    ['GET', '/api/v1/time'],
    ['GET', '/api/v1/nothing'],
    ['PUT', '/api/v1/auctions'],
    ['OPTIONS', '/api/v1/auctions'],
    ['GET', '/healthz'],
    ['GET', '/nothing'],
  ]
  for (const [method, path] of calls) {
    const { headers } = await node.ask(method, path)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toBe(
      "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    )
  }
})
