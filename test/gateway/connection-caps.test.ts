import { afterEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import type { SecurityEvent } from '../../src/gateway/security-log.ts'
import { eventually } from '../support/eventually.ts'
import { descriptorCount, openRaw, requestText, type RawClient } from './raw-client.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
afterEach(() => node.stop())

const open = (count: number, from: string) =>
  Promise.all(Array.from({ length: count }, () => openRaw(node.port, { from })))
const openOf = (clients: RawClient[]) => clients.filter(({ isClosed }) => !isClosed).length
const drop = (clients: RawClient[]) => clients.forEach(({ socket }) => socket.destroy())

async function getsThrough(from: string): Promise<void> {
  const client = await openRaw(node.port, { from })
  client.send(requestText('GET /healthz'))
  await eventually(() => client.heard.includes('"ok":true'))
  client.socket.destroy()
  const socket = new WebSocket(`ws://127.0.0.1:${node.port}/ws`, 'lotkeeper.v1', {
    localAddress: from,
  })
  let code: number | undefined
  let isWelcome = false
  socket.on('message', () => (isWelcome = true))
  socket.on('close', (why) => (code = why))
  await eventually(() => isWelcome || code)
  expect(code).toBeUndefined()
  socket.terminate()
}

describe('a node with 50 connections', () => {
  it('gives one address half of them, and others the rest', async () => {
    const events: [SecurityEvent, string | undefined][] = []
    const security = {
      note: (event: SecurityEvent, { address }: { address?: string | undefined }) =>
        void events.push([event, address]),
    }
    node = await startTestGateway({ limits: { connectionsPerNodeMax: 50 }, security })
    const before = descriptorCount()
    const many = await open(80, '127.0.0.2')
    await eventually(() => openOf(many) === 25)
    await getsThrough('127.0.0.3')
    expect(events).toContainEqual(['connection-refused', '127.0.0.2'])
    drop(many)
    await eventually(() => descriptorCount() <= before)
  })

  it('makes room for an address that has few by closing those of one that has many', async () => {
    node = await startTestGateway({ limits: { connectionsPerNodeMax: 50 } })
    const ones = await open(25, '127.0.0.2')
    const others = await open(25, '127.0.0.4')
    await eventually(() => openOf([...ones, ...others]) === 50)
    // Some idle, some not: a request that never ends keeps its connection no better.
    for (const one of ones.slice(5))
      one.send('POST /api/v1/session HTTP/1.1\r\nHost: localhost\r\nContent-Ty')
    await getsThrough('127.0.0.3')
    await eventually(() => openOf([...ones, ...others]) < 50)
    drop([...ones, ...others])
  })

  it('keeps those who watch from being crowded out by one address', async () => {
    node = await startTestGateway({ limits: { connectionsPerNodeMax: 50, socketsPerNodeMax: 10 } })
    const sockets = Array.from(
      { length: 20 },
      () => new WebSocket(`ws://127.0.0.1:${node.port}/ws`, { localAddress: '127.0.0.2' }),
    )
    let closedCount = 0
    for (const socket of sockets) {
      socket.on('error', () => undefined)
      socket.on('close', () => closedCount++)
    }
    await eventually(() => closedCount === 15)
    await getsThrough('127.0.0.3')
    for (const socket of sockets) socket.terminate()
  })

  it('does not count those of a trusted proxy against its address', async () => {
    node = await startTestGateway({
      limits: { connectionsPerNodeMax: 50 },
      trustedProxies: ['127.0.0.2'],
    })
    const many = await open(45, '127.0.0.2')
    for (const one of many) one.send(requestText('GET /healthz'))
    await eventually(() => many.every(({ heard }) => heard.includes('"ok":true')))
    await getsThrough('127.0.0.3')
    drop(many)
  })
})
