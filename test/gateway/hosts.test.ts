import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { createHosts } from '../../src/gateway/hosts.ts'
import type { SecurityEvent } from '../../src/gateway/security-log.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const noted: SecurityEvent[] = []
let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway({
    webApp: true,
    allowOrigins: ['https://front.example'],
    allowHosts: ['inner.example'],
    security: { note: (event) => void noted.push(event) },
  })
  node.engine.members = ['http://n2.example:8082']
})
afterAll(() => node.stop())

function ask(method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: node.port, method, path, headers }, (answer) =>
      resolve(answer.resume().statusCode ?? 0),
    )
    asked.on('error', reject)
    asked.end(method === 'POST' ? '{"name":"Eve"}' : undefined)
  })
}

function handshake(headers: Record<string, string>): Promise<number> {
  return new Promise((resolve) => {
    const socket = new WebSocket(`ws://127.0.0.1:${node.port}/ws`, 'lotkeeper.v1', { headers })
    socket.on('unexpected-response', (_, answer) => {
      resolve(answer.statusCode ?? 0)
      answer.destroy()
    })
    socket.on('error', () => undefined)
    socket.on('open', () => {
      resolve(101)
      socket.terminate()
    })
  })
}

describe('a page whose name was bound anew to our address', () => {
  const rebound = () => ({
    host: `evil.example:${node.port}`,
    origin: `http://evil.example:${node.port}`,
    'content-type': 'application/json',
  })

  it('may not write, read or connect, and is noted', async () => {
    expect(await ask('POST', '/api/v1/session', rebound())).toBe(421)
    const paths = ['/', '/api/v1/auctions', '/metrics', '/openapi.json', '/favicon.svg', '/nowhere']
    for (const path of paths) expect([path, await ask('GET', path, rebound())]).toEqual([path, 421])
    expect(await ask('OPTIONS', '/api/v1/session', rebound())).toBe(421)
    expect(await handshake(rebound())).toBe(421)
    expect(noted.filter((event) => event === 'host-refused').length).toBeGreaterThan(7)
  })

  it('is told why by a problem, without being let read it', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(node.port, '127.0.0.1')
      let text = ''
      socket.on('data', (data) => (text += data.toString()))
      socket.on('close', () => resolve(text))
      socket.write('GET /api/v1/time HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n')
    })
    expect(answer).toMatch(/^HTTP\/1.1 421 /)
    expect(answer).toContain('"code":"wrong-host"')
    expect(answer).not.toMatch(/access-control-allow-origin/i)
  })

  it('sees the probes at most, which every supervisor asks by whatever name', async () => {
    expect(await ask('GET', '/healthz', rebound())).toBe(200)
    expect(await ask('GET', '/readyz', rebound())).toBe(200)
  })
})

describe('a host that is ours', () => {
  const names = ['localhost', '127.0.0.1', '127.0.0.2', '[::1]', '192.168.7.8', '[fd00::8]']
  const given = ['n2.example', 'front.example', 'inner.example', 'INNER.Example', 'inner.example.']
  it.each([...names, ...given])('%s is served, with any port and with none', async (name) => {
    for (const host of [name, `${name}:80`, `${name}:${node.port}`]) {
      expect(await ask('GET', '/api/v1/time', { host })).toBe(200)
      const headers = { host, origin: `http://${host}`, 'content-type': 'application/json' }
      expect(await ask('POST', '/api/v1/session', headers)).toBe(201)
      expect(await handshake({ host, origin: `http://${host}` })).toBe(101)
    }
  })

  it('is missing from programs that speak HTTP/1.0, and they are served', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(node.port, '127.0.0.1')
      socket.once('data', (data) => resolve(data.toString()))
      socket.write('GET /api/v1/time HTTP/1.0\r\n\r\n')
    })
    expect(answer).toMatch(/^HTTP\/1.1 200 /)
  })
})

it.each([
  ['evil.example', false],
  ['localhost.evil.example', false],
  ['127.0.0.1.evil.example', false],
  ['evil-inner.example', false],
  ['good.inner.example', false],
  ['user@localhost', false],
  ['localhost@evil.example', false],
  ['localhost/evil.example', false],
  ['localhost#evil', false],
  ['localhost, evil.example', false],
  ['local%68ost', false],
  ['localhost:port', false],
  ['[::1', false],
  ['[evil.example]', false],
  ['', false],
  [' ', false],
  ['inner.example..', false],
  ['localhost.', true],
  ['LOCALHOST', true],
  ['[0:0:0:0:0:0:0:1]:8080', true],
  ['xn--bcher-kva.example', true],
])('Host %j: ours is %s', (host, isOurs) => {
  const hosts = createHosts({
    urls: () => ['http://127.0.0.1:8080', 'nonsense', ''],
    allowHosts: ['inner.example', 'bücher.example'],
  })
  expect(hosts.isOurs(host)).toBe(isOurs)
})
