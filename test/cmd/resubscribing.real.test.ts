import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { serve } from './child.ts'

const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-resubscribing-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a socket that subscribes 4 to 600 times in one write leaves the node answering', async () => {
  // A process of its own: should it hang, the test fails instead of hanging itself.
  const { ready } = await serve(['--store', `embedded:${folder}/data`])
  const { url } = ready
  const { token } = await post<{ token: string }>(url, 'session', { name: 'Selma' })
  const lot = { title: 'A kettle', durationMs: 3_600_000 }
  const { id: auctionId } = await post<{ id: string }>(url, 'auctions', lot, token)
  const subscribe = masked({ type: 'subscribe', auctionId })
  const unsubscribe = masked({ type: 'unsubscribe', auctionId })
  for (const count of [4, 10, 50, 600]) {
    for (const frames of [[subscribe], [subscribe, unsubscribe]]) {
      const socket = await upgraded(url)
      socket.write(Buffer.concat(Array.from({ length: count }, () => frames).flat()))
      expect(await health(url)).toBe(200)
      socket.destroy()
      expect(await health(url)).toBe(200)
    }
  }
  await eventually(async () =>
    (await (await fetch(`${url}/metrics`)).text()).includes('lotkeeper_feed_rooms 0'),
  )
})

async function post<T>(url: string, path: string, body: object, token?: string): Promise<T> {
  const response = await fetch(`${url}/api/v1/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
  })
  expect(response.status).toBe(201)
  return (await response.json()) as T
}

async function health(url: string): Promise<number> {
  return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(15_000) })).status
}

/** A WebSocket by hand, so that many frames are one write. */
async function upgraded(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  const key = randomBytes(16).toString('base64')
  socket.write(
    `GET /ws HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: lotkeeper.v1\r\n\r\n`,
  )
  let heard = ''
  socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')))
  await eventually(() => heard.includes('"welcome"'))
  return socket
}

/** A client's text frame of up to 125 bytes. */
function masked(frame: object): Buffer {
  const text = Buffer.from(JSON.stringify(frame))
  return Buffer.concat([Buffer.from([0x81, 0x80 | text.length, 0, 0, 0, 0]), text])
}
