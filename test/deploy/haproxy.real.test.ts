import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort } from '../../src/ensemble/free-port.ts'
import { silentLog } from '../../src/lib/log.ts'
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
      }
      nodes.push(await startNode(settings, { memoryWorld, log: silentLog }))
    }
    const [n1, n2, n3] = nodes.map((node) => new URL(node.url).host)
    env = {
      ...process.env,
      LOTKEEPER_LISTEN: `127.0.0.1:${port}`,
      LOTKEEPER_NODE1: n1,
      LOTKEEPER_NODE2: n2,
      LOTKEEPER_NODE3: n3,
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
    expect(await shown.json()).toMatchObject({ standingBid: { amount: '100.00' }, bidCount: 1 })
    seller.close()
    bidder.close()
  })
})
