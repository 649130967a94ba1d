import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createNodeClient } from '../../src/client/node.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'

// The three commands of the README, as they stand there but for the ports, which are free ones here.

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const commands = readme.match(/^node dist\/cmd\/lotkeeper\.js serve .*$/gm) ?? []
const backend = await findBackend('zookeeper', { size: 3 })

describe.skipIf(backend === undefined)('the README’s three terminals', () => {
  let ensemble: ProvidedStore
  const children: ChildProcess[] = []
  beforeAll(async () => {
    ensemble = await backend!.start()
  })
  afterAll(async () => {
    children.forEach((child) => child.kill('SIGKILL'))
    await ensemble.stop()
  })

  async function start(command: string): Promise<{ nodeId: string; url: string }> {
    const words = command
      .replace(/127\.0\.0\.1:2181,127\.0\.0\.1:2182,127\.0\.0\.1:2183/, ensemble.servers.join(','))
      .replace(/--port \d+/, '--port 0')
      .split(' ')
    const child = spawn(process.execPath, words.slice(1), { stdio: ['ignore', 'pipe', 'ignore'] })
    children.push(child)
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
    expect(line).toMatch(/^lotkeeper ready \{/)
    return JSON.parse(line.slice('lotkeeper ready '.length)) as { nodeId: string; url: string }
  }

  it('start three nodes that are one cluster', async () => {
    expect(commands).toHaveLength(3)
    const nodes = await Promise.all(commands.map(start))
    expect(nodes.map(({ nodeId }) => nodeId)).toEqual(['n1', 'n2', 'n3'])
    const seller = createNodeClient({ urls: [nodes[0]!.url] })
    await seller.session.create('Selma')
    const { id } = await seller.auctions.create({ title: 'From the README', durationMs: 60_000 })
    const bidder = createNodeClient({ urls: [nodes[2]!.url] })
    await bidder.session.create('Ben')
    expect(await bidder.bid({ auctionId: id, amount: '100.00' })).toMatchObject({
      outcome: 'accepted',
      seq: 3,
    })
    const cluster = await seller.cluster()
    expect(cluster.members.map(({ nodeId }) => nodeId).sort()).toEqual(['n1', 'n2', 'n3'])
    seller.close()
    bidder.close()
    for (const child of children) child.kill('SIGTERM')
    const codes = await Promise.all(
      children.map(async (child) => child.exitCode ?? ((await once(child, 'exit')) as [number])[0]),
    )
    expect(codes).toEqual([0, 0, 0])
  })
})
