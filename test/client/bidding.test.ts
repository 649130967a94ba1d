import { describe, expect, test } from 'vitest'
import type { Bid } from '../../src/protocol/up.ts'
import { eventually } from '../support/eventually.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { clientOf, follow, stubCluster } from './stub-cluster.ts'
import type { StubAnswer, StubNode } from './stub-node.ts'
import { acceptance, eventsAfter, lotId, snapshotAt } from './wire-samples.ts'

const order = { auctionId: lotId, amount: '120.00' }
const bidsOf = (node: StubNode) => node.frames.filter((frame): frame is Bid => frame.type === 'bid')
const postsOf = (node: StubNode) => node.requests.filter(({ method }) => method === 'POST')
const idsOf = (...nodes: StubNode[]) =>
  new Set(
    nodes
      .flatMap((node) => [...bidsOf(node), ...postsOf(node).map(({ body }) => body)])
      .map(({ bidId }) => bidId),
  )

const accept = ({ bidId }: { bidId?: unknown }): StubAnswer => ({
  status: 201,
  body: acceptance(String(bidId)),
})
const refuse = (code: string, status = 409, more: object = {}): StubAnswer => ({
  status,
  body: { code, status, title: code, detail: 'because', ...more },
})

describe('a bid by HTTP', () => {
  test('is accepted', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onRequest = ({ body }) => accept(body)
    const client = clientOf([node.url], { token: 'a-token' })
    expect(await client.bid({ ...order, bidId: 'my-bid-01' })).toMatchObject({
      outcome: 'accepted',
      bidId: 'my-bid-01',
      seq: 7,
      copyCount: 1,
    })
    expect(postsOf(node)[0]).toMatchObject({
      path: `/auctions/${lotId}/bids`,
      body: { bidId: 'my-bid-01', amount: '120.00' },
      headers: { authorization: 'Bearer a-token' },
    })
  })

  test('is refused, and says what would do', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onRequest = () =>
      refuse('bid-too-low', 409, { final: true, minimumNextBid: '130.00', seq: 9 })
    expect(await clientOf([node.url]).bid(order)).toMatchObject({
      outcome: 'rejected',
      code: 'bid-too-low',
      final: true,
      minimumNextBid: '130.00',
      seq: 9,
      detail: 'because',
    })
  })

  test('whose answer is lost is sent again elsewhere, as the same bid', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    first.onRequest = () => undefined
    second.onRequest = ({ body }) => accept(body)
    const outcome = await clientOf([first.url, second.url]).bid(order)
    expect(outcome).toMatchObject({ outcome: 'accepted', copyCount: 2 })
    expect([postsOf(first).length, postsOf(second).length]).toEqual([1, 1])
    expect(idsOf(first, second).size).toBe(1)
  })

  test('whose first copy is lost is not rejected by a refusal of the second', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    const answers = [
      undefined,
      refuse('own-bid', 409, { final: false }),
      refuse('not-open'),
      'accept',
    ]
    node.onRequest = ({ body }) => {
      const next = answers.shift()
      return next === 'accept' ? accept(body) : (next as StubAnswer | undefined)
    }
    expect(await clientOf([node.url]).bid(order)).toMatchObject({
      outcome: 'accepted',
      copyCount: 4,
    })
  })

  test('that is not settled in time is unknown, and asking again knows of it', async () => {
    const clock = createManualClock()
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onRequest = () => refuse('outcome-unknown', 504)
    const client = clientOf([node.url], { clock })
    const first = client.bid({ ...order, bidId: 'my-bid-02' })
    let outcome: string | undefined
    void first.then((settled) => (outcome = settled.outcome))
    await eventually(async () => {
      await clock.advance(500)
      return outcome
    })
    expect(outcome).toBe('unknown')
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(20_000)
    node.onRequest = () => refuse('own-bid')
    const copiesBefore = postsOf(node).length
    const second = client.bid({ ...order, bidId: 'my-bid-02' })
    await eventually(async () => {
      await clock.advance(100)
      return postsOf(node).length > copiesBefore + 1
    })
    node.onRequest = ({ body }) => accept(body)
    const driven = eventually(async () => {
      await clock.advance(100)
      return (await Promise.race([second, Promise.resolve(undefined)]))?.outcome
    })
    expect(await driven).toBe('accepted')
    expect(idsOf(node)).toEqual(new Set(['my-bid-02']))
  })

  test('that reached nobody says so', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    await node.kill()
    expect(await clientOf([node.url]).bid(order)).toMatchObject({
      outcome: 'rejected',
      code: 'not-sent',
      final: false,
      copyCount: 0,
    })
  })

  test('waits as long as an overloaded node asks', async () => {
    const clock = createManualClock()
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onRequest = () => refuse('overloaded', 503, { retryAfterMs: 3_000 })
    const client = clientOf([node.url], { clock })
    const bid = client.bid(order)
    await eventually(() => postsOf(node).length === 1)
    await clock.advance(2_900)
    expect(postsOf(node)).toHaveLength(1)
    node.onRequest = ({ body }) => accept(body)
    await clock.advance(200)
    expect(await bid).toMatchObject({ outcome: 'accepted', copyCount: 2 })
  })

  test('that its caller gives up is unknown where a copy may land, and rejected where none left', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onRequest = () => 'never'
    const client = clientOf([node.url])
    const abort = new AbortController()
    const bid = client.bid({ ...order, signal: abort.signal })
    await eventually(() => postsOf(node).length === 1)
    abort.abort()
    expect((await bid).outcome).toBe('unknown')
    expect(await client.bid({ ...order, signal: AbortSignal.abort() })).toMatchObject({
      outcome: 'rejected',
      code: 'not-sent',
    })
  })
})

describe('a bid over a live socket', () => {
  async function live(count: number, options: Parameters<typeof clientOf>[1] = {}) {
    const nodes = await stubCluster(count)
    for (const node of nodes)
      node.onFrame = (frame, say) => {
        if (frame.type === 'subscribe')
          say(frame.after === undefined ? snapshotAt(1) : eventsAfter(1, 1))
      }
    const urls = nodes.map(({ url }) => url)
    const client = clientOf(urls, { token: 'a-token', ...options })
    follow(client)
    await eventually(() => client.connection.state === 'live')
    return { client, nodes: nodes as [StubNode, StubNode] }
  }
  const acceptOver = (node: StubNode) => {
    node.onFrame = (frame, say) => {
      if (frame.type === 'bid')
        say({ type: 'outcome', auctionId: frame.auctionId, ...acceptance(frame.bidId) })
      if (frame.type === 'subscribe') say(snapshotAt(1))
    }
  }

  test('goes by the socket, after we said who we are', async () => {
    const { client, nodes } = await live(1)
    acceptOver(nodes[0])
    expect(await client.bid(order)).toMatchObject({ outcome: 'accepted', copyCount: 1 })
    expect(postsOf(nodes[0])).toEqual([])
    expect(nodes[0].frames[0]).toEqual({ type: 'hello', token: 'a-token' })
  })

  test('that dies with its node is sent again as the same bid to the next', async () => {
    const { client, nodes } = await live(2, { limits: { bidReplyMs: 60_000, bidTotalMs: 60_000 } })
    const bid = client.bid(order)
    await eventually(() => bidsOf(nodes[0]).length === 1)
    acceptOver(nodes[1])
    await nodes[0].kill()
    expect(await bid).toMatchObject({ outcome: 'accepted', copyCount: 2 })
    expect(bidsOf(nodes[1])).toHaveLength(1)
    expect(idsOf(...nodes).size).toBe(1)
  })

  test('that the node cannot tell of is sent again', async () => {
    const { client, nodes } = await live(1)
    nodes[0].onFrame = (frame, say) => {
      if (frame.type !== 'bid') return
      say({ type: 'outcome', auctionId: lotId, outcome: 'unknown', bidId: frame.bidId })
      acceptOver(nodes[0])
    }
    expect(await client.bid(order)).toMatchObject({ outcome: 'accepted', copyCount: 2 })
  })

  test('that stays without an outcome is sent again after 8 s', async () => {
    const clock = createManualClock()
    const { client, nodes } = await live(1, { clock })
    const bid = client.bid(order)
    await eventually(() => bidsOf(nodes[0]).length === 1)
    acceptOver(nodes[0])
    for (let turn = 0; turn < 9; turn++) await clock.advance(1_000)
    expect(await bid).toMatchObject({ outcome: 'accepted', copyCount: 2 })
  })

  test('two with different ids get each their own outcome', async () => {
    const { client, nodes } = await live(1)
    const waiting: (() => void)[] = []
    nodes[0].onFrame = (frame, say) => {
      if (frame.type !== 'bid') return
      const seq = Number(frame.amount)
      waiting.unshift(() =>
        say({ type: 'outcome', auctionId: lotId, ...acceptance(frame.bidId, seq) }),
      )
      if (waiting.length === 2) waiting.forEach((answer) => answer())
    }
    const outcomes = await Promise.all(['3', '4'].map((amount) => client.bid({ ...order, amount })))
    expect(outcomes).toMatchObject([{ seq: 3 }, { seq: 4 }])
  })

  test('goes by HTTP while the client is between nodes', async () => {
    const { client, nodes } = await live(2)
    nodes[1].isMute = true
    nodes[0].onRequest = ({ body }) => accept(body)
    nodes[0].closeSockets(1012)
    await eventually(() => client.connection.state === 'reconnecting')
    nodes[1].isMute = false
    nodes[1].onRequest = ({ body }) => accept(body)
    acceptOver(nodes[1])
    acceptOver(nodes[0])
    expect(await client.bid(order)).toMatchObject({ outcome: 'accepted' })
  })
})

test('no more bids wait than the limit allows', async () => {
  const [node] = (await stubCluster(1)) as [StubNode]
  node.onRequest = () => 'never'
  const client = clientOf([node.url], { limits: { bidsWaitingMax: 1 } })
  const first = client.bid(order)
  expect(await client.bid(order)).toMatchObject({ outcome: 'rejected', code: 'not-sent' })
  await eventually(() => postsOf(node).length === 1)
  client.close()
  expect((await first).outcome).toBe('unknown')
})

test('a bid that is asked for twice at once is one bid', async () => {
  const [node] = (await stubCluster(1)) as [StubNode]
  node.onRequest = ({ body }) => accept(body)
  const client = clientOf([node.url])
  const both = [
    client.bid({ ...order, bidId: 'my-bid-03' }),
    client.bid({ ...order, bidId: 'my-bid-03' }),
  ]
  expect(await Promise.all(both)).toMatchObject([{ outcome: 'accepted' }, { outcome: 'accepted' }])
  expect(postsOf(node)).toHaveLength(1)
})
