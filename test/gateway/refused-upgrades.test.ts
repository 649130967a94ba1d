import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDeferred } from '../../src/lib/deferred.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { eventually } from '../support/eventually.ts'
import { descriptorCount, openRaw, requestText } from './raw-client.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const upgrade = (path: string, headers: Record<string, string> = {}) =>
  requestText(`GET ${path}`, {
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  })

const refused: [string, number, string][] = [
  ['of a wrong path', 404, upgrade('/nope')],
  ['of a foreign page', 403, upgrade('/ws', { Origin: 'http://evil.example' })],
  ['of another protocol', 400, upgrade('/ws', { 'Sec-WebSocket-Protocol': 'chat' })],
  ['with a bad key', 400, upgrade('/ws', { 'Sec-WebSocket-Key': 'short' })],
  ['of a bad version', 400, upgrade('/ws', { 'Sec-WebSocket-Version': '7' })],
  ['of no node', 401, upgrade('/nodes', { 'Sec-WebSocket-Protocol': 'lotkeeper.node.v1' })],
]

let node: TestGateway
const waiting = createDeferred<number | undefined>()
beforeAll(async () => {
  node = await startTestGateway({
    forwarding: { bidding: { takeForwarded: async () => [] }, ownSessionId: () => 'own' },
  })
})
afterAll(() => node.stop())

async function eventuallyNoMoreThan(count: number): Promise<void> {
  await eventually(() => descriptorCount() <= count, { what: `${count} descriptors` })
}

describe('a refused upgrade', () => {
  it.each(refused)('%s leaves no descriptor: %i', async (_, status, text) => {
    const before = descriptorCount()
    const clients = await Promise.all(
      Array.from({ length: 200 }, () => openRaw(node.port, { allowHalfOpen: true })),
    )
    for (const client of clients) client.send(text)
    await eventually(() => clients.every(({ heard }) => heard.includes('\r\n\r\n{')))
    for (const { heard } of clients) expect(heard.slice(9, 12)).toBe(String(status))
    for (const { socket } of clients) socket.end('x')
    await eventuallyNoMoreThan(before)
  })

  it('leaves none either when its sender says no more and stays', async () => {
    const before = descriptorCount()
    const clients = await Promise.all(
      refused.map(() => openRaw(node.port, { allowHalfOpen: true, reads: false })),
    )
    clients.forEach((client, place) => client.send(refused[place]?.[2] ?? ''))
    await eventually(() => descriptorCount() <= before + clients.length, { what: 'our ends alone' })
    for (const { socket } of clients) socket.destroy()
    await eventuallyNoMoreThan(before)
  })
})

describe('a node that knocks', () => {
  it('does not wait for the store without end', async () => {
    const clock = createManualClock()
    const slow = await startTestGateway({
      clock,
      forwarding: { bidding: { takeForwarded: async () => [] }, ownSessionId: () => 'own' },
    })
    let isAsked = false
    slow.engine.nodes.admits = () => {
      isAsked = true
      return waiting.promise
    }
    const client = await openRaw(slow.port)
    client.send(
      upgrade('/nodes', {
        'Sec-WebSocket-Protocol': 'lotkeeper.node.v1',
        Authorization: `Bearer ${'a'.repeat(43)}`,
        'X-Lotkeeper-From': 'a-session',
        'X-Lotkeeper-To': 'own',
      }),
    )
    await eventually(() => isAsked)
    await clock.advance(10_000)
    await eventually(() => client.isClosed)
    expect(client.heard).toMatch(/^HTTP\/1\.1 503 /)
    expect(client.heard).toContain('store-unavailable')
    waiting.resolve(1)
    await slow.stop()
  })
})
