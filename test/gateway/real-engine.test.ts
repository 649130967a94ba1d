import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultNodeConfig } from '../../src/node/config.ts'
import { type RunningNode, startNode } from '../../src/node/start-node.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import { down } from '../../src/protocol/down.ts'
import { eventsPageJson, type NewSessionJson } from '../../src/protocol/http.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openSocket } from './test-socket.ts'

const nodes: RunningNode[] = []
beforeAll(async () => {
  const memoryWorld = createMemoryWorld({ clock: systemClock })
  for (const nodeId of ['n1', 'n2']) {
    const config = { ...defaultNodeConfig, port: 0, store: 'memory:', nodeId }
    nodes.push(await startNode(config, { memoryWorld, log: silentLog }))
  }
})
afterAll(async () => {
  await Promise.all(nodes.map((node) => node.stop()))
})

async function post(node: number, path: string, body: object, token?: string): Promise<unknown> {
  const response = await fetch(`${nodes[node]?.url}/api/v1${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
  })
  return response.json()
}

describe('two nodes with the real engine', () => {
  it('sell a kettle over HTTP and WebSocket, and a feed that was cut goes on at the other node', async () => {
    const guest = async (name: string) => (await post(0, '/session', { name })) as NewSessionJson
    const [seller, ada, ben] = [await guest('Selma'), await guest('Ada'), await guest('Ben')]
    const lot = { title: 'A kettle', durationMs: 60_000, softClose: null }
    const { id } = (await post(0, '/auctions', lot, seller.token)) as AuctionJson

    const first = await openSocket(nodes[0]?.wsUrl ?? '')
    first.send({ type: 'hello', token: ada.token })
    first.send({ type: 'subscribe', auctionId: id })
    await first.next('snapshot')
    first.send({ type: 'bid', bidId: 'ada-bids-100', auctionId: id, amount: '100' })
    expect(await first.next('outcome')).toMatchObject({ outcome: 'accepted', seq: 3 })
    const { epoch, seq } = await first.next('events')
    first.terminate()

    expect(
      await post(1, `/auctions/${id}/bids`, { bidId: 'ben-bids-120', amount: '120' }, ben.token),
    ).toMatchObject({ outcome: 'accepted', seq: 4 })

    const second = await openSocket(nodes[1]?.wsUrl ?? '')
    second.send({ type: 'hello', token: ada.token })
    second.send({ type: 'subscribe', auctionId: id, after: { epoch, seq } })
    expect(await second.next('events')).toMatchObject({
      prevSeq: seq,
      seq: 4,
      events: [{ type: 'BidAccepted', bidId: 'ben-bids-120' }],
    })
    second.send({ type: 'bid', bidId: 'ada-bids-100', auctionId: id, amount: '100' })
    expect(await second.next('outcome')).toMatchObject({ outcome: 'accepted', seq: 3 })
    second.send({ type: 'bid', bidId: 'ada-bids-120', auctionId: id, amount: '120' })
    expect(await second.next('outcome', 1)).toMatchObject({
      outcome: 'rejected',
      code: 'bid-too-low',
      final: true,
      minimumNextBid: '121.00',
    })
    for (const frame of [...first.frames, ...second.frames]) {
      expect(down.safeParse(frame).error).toBeUndefined()
    }
    const journals = await Promise.all(
      nodes.map(async ({ url }) => (await fetch(`${url}/api/v1/auctions/${id}/events`)).json()),
    )
    expect(eventsPageJson.parse(journals[0])).toEqual(eventsPageJson.parse(journals[1]))
    second.terminate()
  })
})
