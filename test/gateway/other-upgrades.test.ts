import { once } from 'node:events'
import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { openRaw, requestText } from './raw-client.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway()
})
afterAll(() => node.stop())

const h2c = {
  Connection: 'Upgrade, HTTP2-Settings',
  Upgrade: 'h2c',
  'HTTP2-Settings': 'AAEAAEAAAAIAAAAAAAMAAAAAAAQBAAAAAAUAAEAAAAYABgAA',
}
const countOf = (heard: string, status: number) => heard.split(`HTTP/1.1 ${status} `).length - 1

describe('an upgrade to anything but a web socket', () => {
  it.each(['/healthz', '/api/v1/time', '/ws', '/nodes', '/nope'])(
    'is ignored, and %s answered as ever; the connection goes on',
    async (path) => {
      const expected = (await node.ask('GET', path)).status
      const client = await openRaw(node.port)
      for (let round = 1; round <= 3; round++) {
        client.send(requestText(`GET ${path}`, h2c))
        await eventually(() => countOf(client.heard, expected) === round)
      }
      client.send(requestText('GET /readyz'))
      await eventually(() => client.heard.includes('"ready":true'))
      client.socket.destroy()
      await eventually(() => client.isClosed)
    },
  )

  it('keeps a body, in one piece or several, and what is sent behind it', async () => {
    const client = await openRaw(node.port)
    const body = '{"name":"Ada"}'
    const headers = { 'Content-Type': 'application/json', 'Content-Length': `${body.length}` }
    const head = requestText('POST /api/v1/session', { ...h2c, ...headers })
    client.send(head + body + requestText('GET /healthz'))
    await eventually(() => countOf(client.heard, 201) === 1 && countOf(client.heard, 200) === 1)
    client.send(head)
    for (const character of body) {
      client.send(character)
      await new Promise((resolve) => setImmediate(resolve))
    }
    await eventually(() => countOf(client.heard, 201) === 2)
    client.socket.destroy()
  })

  it('waits until what was asked before it is answered', async () => {
    const client = await openRaw(node.port)
    client.send(requestText('GET /healthz') + requestText('GET /readyz', h2c))
    await eventually(() => client.heard.includes('"ready":true'))
    expect(client.heard.indexOf('"ok":true')).toBeLessThan(client.heard.indexOf('"ready":true'))
    client.socket.destroy()
  })

  it('is ignored through an agent that keeps its connection', async () => {
    const asked = request({ port: node.port, path: '/healthz', headers: h2c }).end()
    const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume(): void }]
    answer.resume()
    expect(answer.statusCode).toBe(200)
  })
})
