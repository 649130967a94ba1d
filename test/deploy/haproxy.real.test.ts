import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/ensemble/free-port.ts'
import { type Log, silentLog } from '../../src/lib/log.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { defaultNodeConfig } from '../../src/node/config.ts'
import { type RunningNode, startNode } from '../../src/node/start-node.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { createNodeClient } from '../../src/client/node.ts'
import { eventually } from '../support/eventually.ts'

const config = new URL('../../deploy/haproxy.cfg', import.meta.url).pathname
const isInstalled = spawnSync('haproxy', ['-v']).status === 0
if (!isInstalled) console.warn('NOT TESTED: deploy/haproxy.cfg (haproxy is not installed)')

describe.skipIf(!isInstalled)('HAProxy in front of three nodes', () => {
  let nodes: RunningNode[] = []
  const noted: { security?: string; address?: string }[] = []
  const log: Log = { ...silentLog, info: (facts: object) => void noted.push(facts) }
  let proxy: ChildProcess
  let url: string
  let env: NodeJS.ProcessEnv

  beforeAll(async () => {
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    const memoryWorld = createMemoryWorld({ clock: systemClock })
    for (const nodeId of ['n1', 'n2', 'n3']) {
      const settings = {
        ...defaultNodeConfig,
        port: 0,
        nodeId,
        store: 'memory:',
        allowOrigins: [url],
        trustedProxies: ['127.0.0.1'],
      }
      nodes.push(await startNode(settings, { memoryWorld, log }))
    }
    const [n1, n2, n3] = nodes.map((node) => new URL(node.url).host)
    env = {
      ...process.env,
      LOTKEEPER_LISTEN: `127.0.0.1:${port}`,
      LOTKEEPER_NODE1: n1,
      LOTKEEPER_NODE2: n2,
      LOTKEEPER_NODE3: n3,
      LOTKEEPER_REQUEST_TIMEOUT: '300ms',
      LOTKEEPER_REQUESTS_MAX: '500',
    }
    proxy = spawn('haproxy', ['-db', '-f', config], { env, stdio: 'ignore' })
    await eventually(async () => (await fetch(`${url}/readyz`)).ok, { withinMs: 20_000 })
  })
  afterAll(async () => {
    proxy.kill('SIGKILL')
    await Promise.all(nodes.map((node) => node.stop()))
  })

  it('the file is valid', () => {
    const { status, stdout, stderr } = spawnSync('haproxy', ['-c', '-f', config], {
      env,
      encoding: 'utf8',
    })
    expect(`${stdout}${stderr}`).not.toMatch(/alert|warning/i)
    expect(status).toBe(0)
  })

  /** One call by a source of this machine's many loopback addresses. */
  function askFrom(localAddress: string, path: string, headers = {}, method = 'GET') {
    const { hostname: host, port } = new URL(url)
    return new Promise<number>((done, fail) => {
      const asked = request({ host, port, path, method, headers, localAddress }, (answer) =>
        done(answer.resume().statusCode ?? 0),
      )
      asked.on('error', fail)
      asked.end()
    })
  }

  it('lets nobody through to what is not for the public, in any spelling', async () => {
    const spellings = ['/metrics', '/Metrics', '//metrics', '/./metrics', '/%6detrics', '/metrics/']
    for (const path of [
      ...spellings,
      '/metrics?a',
      '/metrics;a',
      '/nodes',
      '/x/../nodes',
      '/%6Eodes',
    ]) {
      expect([path, await askFrom('127.0.0.1', path)]).toEqual([path, 404])
    }
    const cluster = await (await fetch(`${url}/api/v1/cluster`)).text()
    expect(cluster).toContain('"members"')
    expect(cluster).not.toMatch(/"pid"|"version"|"servers"/)
  })

  it('tells nodes who asks, whatever a client says of itself', async () => {
    const headers = { origin: 'http://evil.example', 'x-forwarded-for': '9.9.9.9' }
    expect(await askFrom('127.0.0.7', '/api/v1/session', headers, 'POST')).toBe(403)
    const refused = noted.filter(({ security }) => security === 'origin-refused')
    expect(refused.map(({ address }) => address)).toEqual(['127.0.0.7'])
  })

  it('cuts a client that sends its request drop by drop', async () => {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port) })
    socket.on('error', () => undefined)
    socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ')
    let answer = ''
    socket.on('data', (data) => (answer += data.toString()))
    await once(socket, 'close')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
  })

  it('refuses a flood of one source, and serves the others', async () => {
    const flood = async () => {
      const statuses: number[] = []
      for (let call = 0; call < 100; call++) {
        statuses.push(await askFrom('127.0.0.3', '/healthz'))
      }
      return statuses
    }
    const statuses = (await Promise.all(Array.from({ length: 8 }, flood))).flat()
    expect(statuses).toContain(200)
    expect(statuses).toContain(429)
    expect(await askFrom('127.0.0.4', '/healthz')).toBe(200)
  })

  it('spreads requests over the nodes, carries a feed, and leaves a node that stops', async () => {
    const answered = new Set<string | null>()
    await eventually(async () => {
      answered.add((await fetch(`${url}/api/v1/time`)).headers.get('x-lotkeeper-node'))
      return answered.size === 3
    })
    const seller = createNodeClient({ urls: [url] })
    await seller.session.create('Selma')
    const auction = await seller.auctions.create({ title: 'Behind a proxy', durationMs: 600_000 })
    const bidder = createNodeClient({ urls: [url] })
    await bidder.session.create('Ben')
    const first = await bidder.bid({ auctionId: auction.id, amount: '100.00' })
    expect(first.outcome).toBe('accepted')

    const [gone, ...left] = nodes
    await gone?.stop()
    nodes = left
    const second = await bidder.bid({
      auctionId: auction.id,
      amount: '150.00',
      bidId: 'after-the-stop',
    })
    expect(second).toMatchObject({ code: 'own-bid' })
    await eventually(async () => (await fetch(`${url}/readyz`)).ok)
    const shown = await fetch(`${url}/api/v1/auctions/${auction.id}?fresh=true`)
    expect(shown.status).toBe(200)
    expect(await shown.json()).toMatchObject({ standingBid: { amount: '100.00' }, bidCount: 1 })
    seller.close()
    bidder.close()
  })
})
