import { afterEach, describe, expect, it } from 'vitest'
import { createDeferred } from '../../src/lib/deferred.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { eventually } from '../support/eventually.ts'
import { descriptorCount, openRaw, type RawClient, requestText } from './raw-client.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
afterEach(() => node.stop())

const mebibyte = 1024 * 1024
const drop = (clients: RawClient[]) => clients.forEach(({ socket }) => socket.destroy())
const countOf = (heard: string) => heard.split('HTTP/1.1 200 ').length - 1

describe('answers that nobody reads', () => {
  it('cost a node little, and their connection', async () => {
    node = await startTestGateway({ limits: { unreadMsMax: 300 } })
    await node.ask('GET', '/openapi.json')
    const before = process.memoryUsage().rss
    const descriptors = descriptorCount()
    const clients = await Promise.all(
      Array.from({ length: 4 }, () => openRaw(node.port, { reads: false })),
    )
    for (const client of clients) client.send(requestText('GET /openapi.json').repeat(1_500))
    await eventually(() => descriptorCount() <= descriptors + clients.length)
    drop(clients)
    expect(process.memoryUsage().rss - before).toBeLessThan(60 * mebibyte)
  })

  it('are few on one connection, which is cut once it takes nothing', async () => {
    node = await startTestGateway({ limits: { unreadMsMax: 300 } })
    const { token } = await node.guest('Selma')
    for (let lot = 0; lot < 200; lot++) await node.auction(token, { title: 'x'.repeat(190) })
    const descriptors = descriptorCount()
    const client = await openRaw(node.port, { reads: false })
    client.send(requestText('GET /api/v1/auctions?limit=200').repeat(60))
    await eventually(() => descriptorCount() <= descriptors + 1)
    drop([client])
    expect(node.engine.listCount).toBeLessThan(55)
  })
})

describe('requests sent one after the other without waiting', () => {
  it('are all answered, in order, while they are few', async () => {
    node = await startTestGateway()
    const client = await openRaw(node.port)
    const texts = Array.from({ length: 60 }, (_, place) =>
      requestText('GET /healthz', { 'X-Request-Id': `r${place}` }),
    )
    client.send(texts.join(''))
    await eventually(() => countOf(client.heard) === 60)
    const ids = [...client.heard.matchAll(/X-Request-Id: r(\d+)/g)].map((match) => Number(match[1]))
    expect(ids).toEqual(Array.from({ length: 60 }, (_, place) => place))
    client.send(requestText('GET /healthz'))
    await eventually(() => countOf(client.heard) === 61)
    client.socket.destroy()
  })

  it('cut the connection when they are many', async () => {
    node = await startTestGateway()
    const client = await openRaw(node.port)
    client.send(requestText('GET /healthz').repeat(1_000))
    await eventually(() => client.isClosed)
    expect(countOf(client.heard)).toBeLessThanOrEqual(64)
  })

  it('with bodies are answered too', async () => {
    node = await startTestGateway()
    const client = await openRaw(node.port)
    const body = '{"name":"Ada"}'
    const headers = { 'Content-Type': 'application/json', 'Content-Length': String(body.length) }
    client.send((requestText('POST /api/v1/session', headers) + body).repeat(30))
    await eventually(() => client.heard.split('HTTP/1.1 201 ').length === 31)
    client.socket.destroy()
  })
})

describe('an answer', () => {
  it('that takes its time is not cut', async () => {
    node = await startTestGateway({ limits: { unreadMsMax: 100 } })
    const text = createDeferred<{ contentType: string; body: string }>()
    node.metricsText = () => text.promise
    const client = await openRaw(node.port)
    client.send(requestText('GET /metrics'))
    for (let turn = 0; turn < 20; turn++) await node.ask('GET', '/healthz')
    await new Promise((resolve) => setTimeout(resolve, 200))
    text.resolve({ contentType: 'text/plain', body: 'up 1\n' })
    await eventually(() => client.heard.includes('up 1'))
    client.socket.destroy()
  })
})

describe('metrics', () => {
  it('are made once for all who ask within a second, and have a rate', async () => {
    const clock = createManualClock()
    node = await startTestGateway({ clock, limits: { readsBurst: 95, readsPerSecond: 1 } })
    let madeCount = 0
    node.metricsText = async () => ({ contentType: 'text/plain', body: `made ${++madeCount}\n` })
    const texts = await Promise.all(
      [1, 2, 3].map(async () => (await node.ask('GET', '/metrics')).text),
    )
    expect(texts).toEqual(['made 1\n', 'made 1\n', 'made 1\n'])
    await clock.advance(1_100)
    expect((await node.ask('GET', '/metrics')).text).toBe('made 2\n')
    await node.ask('GET', '/openapi.json')
    await node.ask('GET', '/openapi.json')
    for (const path of ['/metrics', '/openapi.json']) {
      expect(await node.ask('GET', path)).toMatchObject({
        status: 429,
        json: { code: 'rate-limited' },
      })
    }
    expect((await node.ask('GET', '/healthz')).status).toBe(200)
  })
})
