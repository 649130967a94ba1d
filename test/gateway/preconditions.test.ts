import { afterAll, beforeAll, expect, it } from 'vitest'
import { type Log, silentLog } from '../../src/lib/log.ts'
import { eventually } from '../support/eventually.ts'
import { openRaw, requestText } from './raw-client.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const errors: unknown[] = []
const log: Log = { ...silentLog, error: (fields) => errors.push(fields) }
let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway({ webApp: true, log })
})
afterAll(() => node.stop())

const files = ['/', '/index.html', '/assets/app-1a2b3c.js', '/favicon.svg']

it.each(files)('a range that %s does not have is told so', async (path) => {
  const headers = { range: 'bytes=999999-' }
  const reply = await node.ask('GET', path, { headers })
  expect(reply).toMatchObject({ status: 416, json: { code: 'range-not-satisfiable' } })
  expect(reply.headers.get('content-range')).toMatch(/^bytes \*\/\d+$/)
  expect(reply.headers.get('cache-control')).toBe('no-store')
  expect(reply.headers.has('etag')).toBe(false)
})

it.each(files)('a condition that %s does not meet is told so', async (path) => {
  for (const headers of [
    { 'if-match': '"x"' },
    { 'if-unmodified-since': 'Thu, 01 Jan 1970 00:00:00 GMT' },
  ]) {
    const reply = await node.ask('GET', path, { headers })
    expect(reply).toMatchObject({ status: 412, json: { code: 'precondition-failed' } })
  }
})

it.each(files)('what %s does have and meets is served', async (path) => {
  const whole = await node.ask('GET', path)
  const etag = whole.headers.get('etag') ?? ''
  const lastModified = whole.headers.get('last-modified') ?? ''
  const ask = async (headers: Record<string, string>) => node.ask('GET', path, { headers })
  expect(await ask({ 'if-match': etag })).toMatchObject({ status: 200, text: whole.text })
  expect(await ask({ 'if-match': '*' })).toMatchObject({ status: 200 })
  expect(await ask({ 'if-unmodified-since': lastModified })).toMatchObject({ status: 200 })
  const client = await openRaw(node.port)
  client.send(requestText(`GET ${path}`, { 'If-None-Match': etag, Range: 'bytes=1-3' }))
  await eventually(() => client.heard.endsWith('\r\n\r\n'))
  expect(client.heard).toMatch(/^HTTP\/1.1 304 /)
  client.socket.destroy()
  expect(await ask({ range: 'bytes=1-3' })).toMatchObject({
    status: 206,
    text: whole.text.slice(1, 4),
  })
  expect((await ask({ range: 'lines=1-3' })).status).toBe(200)
})

it('a refused request of any kind is no error of the node', async () => {
  await node.ask('GET', '/%E0%A4%A')
  await node.ask('GET', '/%00')
  await node.ask('GET', `/${'x'.repeat(5_000)}`)
  await node.ask('POST', '/api/v1/session', { raw: '{}', headers: { 'content-encoding': 'br' } })
  expect(errors).toEqual([])
})
