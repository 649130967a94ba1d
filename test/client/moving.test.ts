import { describe, expect, test } from 'vitest'
import { eventually } from '../support/eventually.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { clientOf, follow, movesOf, stubCluster } from './stub-cluster.ts'
import type { StubNode } from './stub-node.ts'
import { epoch, eventsAfter, lotId, snapshotAt } from './wire-samples.ts'

/** Resumes as a node would: the events after the position, or a snapshot. */
function serveLot(node: StubNode, seq: number): void {
  node.onFrame = (frame, say) => {
    if (frame.type === 'subscribe')
      say(frame.after === undefined ? snapshotAt(seq) : eventsAfter(frame.after.seq, seq))
  }
}
const subscribes = (node: StubNode) => node.frames.filter((frame) => frame.type === 'subscribe')

describe('when its node dies', () => {
  test('the client moves to another that it learnt of, and resumes where it was', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    serveLot(first, 2)
    serveLot(second, 5)
    const client = clientOf([first.url])
    const moves = movesOf(client)
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 2 && client.connection.urls.length === 2)
    await first.kill()
    await eventually(() => seqs().length === 5)
    expect(seqs()).toEqual([1, 2, 3, 4, 5])
    expect(subscribes(second)).toEqual([
      { type: 'subscribe', auctionId: lotId, after: { epoch, seq: 2 } },
    ])
    expect(moves).toMatchObject([
      {
        from: { nodeId: 'n1', url: first.url },
        to: { nodeId: 'n2', url: second.url },
        resumed: [{ auctionId: lotId, position: { epoch, seq: 2 } }],
      },
    ])
    expect(client.connection).toMatchObject({ state: 'live', nodeId: 'n2', url: second.url })
  })

  test('and none is left, it keeps trying and comes back with it', async () => {
    const [only] = (await stubCluster(1)) as [StubNode]
    serveLot(only, 1)
    const client = clientOf([only.url], { limits: { reconnectMaxMs: 50, reconnectMinMs: 10 } })
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    only.isMute = true
    only.closeSockets(1012)
    await eventually(() => client.connection.state === 'reconnecting')
    only.isMute = false
    serveLot(only, 3)
    await eventually(() => seqs().length === 3)
  })
})

test('who watches learns on each node that the watch goes on without a gap, also when nothing happened', async () => {
  const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
  serveLot(first, 2)
  serveLot(second, 2)
  const client = clientOf([first.url, second.url])
  const resumedAt: number[] = []
  client.watch(lotId, () => undefined, { onResumed: ({ seq }) => resumedAt.push(seq) })
  await eventually(() => resumedAt.length === 1)
  await first.kill()
  await eventually(() => resumedAt.length === 2)
  expect(resumedAt).toEqual([2, 2])
})

describe('when its node says nothing', () => {
  test('for 10 s, the client moves', async () => {
    const clock = createManualClock()
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    serveLot(first, 1)
    serveLot(second, 1)
    const client = clientOf([first.url, second.url], { clock })
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    first.isMute = true
    expect(client.connection.isQuiet).toBe(false)
    await clock.advance(9_000)
    expect(client.connection.nodeId).toBe('n1')
    expect(client.connection.state).toBe('live')
    expect(client.connection.isQuiet).toBe(true)
    await clock.advance(1_500)
    await eventually(() => client.connection.nodeId === 'n2')
    expect(client.connection.isQuiet).toBe(false)
  })

  test('to its first greeting, the client moves after 3 s', async () => {
    const clock = createManualClock()
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    first.isMute = true
    serveLot(second, 1)
    const client = clientOf([first.url, second.url], { clock })
    const { seqs } = follow(client)
    await clock.advance(2_900)
    expect(client.connection.state).toBe('connecting')
    await clock.advance(300)
    await eventually(() => seqs().length === 1)
    expect(client.connection.nodeId).toBe('n2')
  })

  test('of who we are, but is there, the client watches all the same', async () => {
    const clock = createManualClock()
    const [first] = (await stubCluster(1)) as [StubNode]
    serveLot(first, 1)
    first.isSlowToIdentify = true
    const client = clientOf([first.url], { clock, token: 'a-token' })
    const { seqs } = follow(client)
    await eventually(() => first.frames.some((frame) => frame.type === 'hello'))
    await clock.advance(3_000)
    await eventually(() => seqs().length === 1)
    expect(client.connection).toMatchObject({ state: 'live', user: undefined })
  })

  test('but answers when asked the time, the client stays', async () => {
    const clock = createManualClock()
    const [first] = (await stubCluster(1)) as [StubNode]
    serveLot(first, 1)
    const client = clientOf([first.url], { clock })
    const moves = movesOf(client)
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    for (let turn = 0; turn < 12; turn++) {
      const before = client.clock.rttMs()
      await clock.advance(5_000)
      await eventually(() => before !== undefined && client.connection.state === 'live')
    }
    expect(moves).toEqual([])
    expect(first.socketCount).toBe(1)
  })
})

describe('when its node closes the socket', () => {
  test('as a slow consumer, the client resumes on the same node', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    serveLot(first, 1)
    const client = clientOf([first.url, second.url])
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    serveLot(first, 4)
    first.closeSockets(4008)
    await eventually(() => seqs().length === 4)
    expect(client.connection.nodeId).toBe('n1')
    expect(second.frames).toEqual([])
  })

  test('to have us sign in first, the client waits until it did', async () => {
    const [first] = (await stubCluster(1)) as [StubNode]
    serveLot(first, 1)
    const client = clientOf([first.url], { token: 'stale-token' })
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    first.closeSockets(4001)
    await eventually(() => client.connection.isSignInNeeded)
    expect(client.connection.state).toBe('idle')
    client.connection.retryNow()
    expect(client.connection.state).toBe('idle')
    serveLot(first, 2)
    client.session.use('fresh-token')
    await eventually(() => seqs().length === 2)
    expect(client.connection.isSignInNeeded).toBe(false)
    expect(first.frames.filter((frame) => frame.type === 'hello')).toEqual([
      { type: 'hello', token: 'stale-token' },
      { type: 'hello', token: 'fresh-token' },
    ])
  })

  test('because we signed out, the client goes on as nobody', async () => {
    const [first] = (await stubCluster(1)) as [StubNode]
    serveLot(first, 1)
    const client = clientOf([first.url], { token: 'a-token' })
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1 && client.connection.user !== undefined)
    first.onRequest = ({ method }) => {
      if (method === 'DELETE') first.closeSockets(4001)
      return {}
    }
    serveLot(first, 2)
    await client.session.end()
    await eventually(() => seqs().length === 2)
    expect(client.connection).toMatchObject({ state: 'live', user: undefined })
  })

  test('because an auction does not exist, its watch ends and others go on', async () => {
    const [first] = (await stubCluster(1)) as [StubNode]
    const missing = '01JD0000000000000000000009'
    serveLot(first, 1)
    const client = clientOf([first.url])
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    first.onRequest = ({ path }) =>
      path.includes(missing) ? { status: 404, body: { code: 'no-such-auction' } } : {}
    first.onFrame = (frame, say) => {
      if (frame.type !== 'subscribe') return
      if (frame.auctionId === missing) first.closeSockets(4004)
      else say(eventsAfter(1, 2))
    }
    const ended: string[] = []
    client.watch(missing, () => undefined, { onEnd: (reason) => ended.push(reason) })
    await eventually(() => ended.length === 1 && seqs().length === 2)
    expect(ended).toEqual(['no-such-auction'])
  })
})

test('the clock is estimated from the node that serves', async () => {
  const [first] = (await stubCluster(1)) as [StubNode]
  const client = clientOf([first.url])
  follow(client)
  await eventually(() => client.clock.rttMs())
  expect(Math.abs(client.clock.now() - Date.UTC(2030, 0, 1))).toBeLessThan(1_000)
})

describe('when its node alone is paused', () => {
  const serving = (node: StubNode, members: readonly object[], state: string) => {
    node.onRequest = () => ({ body: { node: node.nodeId, members, store: { state } } })
  }
  const paused = async (otherState: string, isReady = true) => {
    const clock = createManualClock()
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    const members = [first, second].map(({ nodeId, url }) => ({ nodeId, url, ready: isReady }))
    serving(second, members, otherState)
    serveLot(first, 1)
    serveLot(second, 2)
    const client = clientOf([first.url, second.url], { clock })
    const { seqs } = follow(client)
    await eventually(() => seqs().length === 1)
    first.say({ type: 'paused', reason: 'its link is cut' })
    await eventually(() => client.connection.paused)
    return { clock, client, seqs, second }
  }

  test('the client goes where another serves', async () => {
    const { clock, client, seqs } = await paused('serving')
    await clock.advance(2_900)
    expect(client.connection).toMatchObject({ nodeId: 'n1', paused: 'its link is cut' })
    await clock.advance(200)
    await eventually(async () => {
      await clock.advance(100)
      return client.connection.nodeId === 'n2'
    })
    await eventually(() => seqs().length === 2)
    expect(client.connection.paused).toBeUndefined()
  })

  test.each([
    ['suspended', true],
    ['serving', false],
  ])('it stays while the other is %s, ready: %s', async (state, isReady) => {
    const { clock, client, second } = await paused(state, isReady)
    const askedCount = () => second.requests.filter(({ path }) => path === '/cluster').length
    for (let turn = 0; turn < 4; turn++) {
      const before = askedCount()
      await clock.advance(5_000)
      await eventually(() => askedCount() > before)
    }
    expect(client.connection).toMatchObject({ nodeId: 'n1', paused: 'its link is cut' })
  })
})

test('a pause of the cluster is told, and its end', async () => {
  const [first] = (await stubCluster(1)) as [StubNode]
  serveLot(first, 1)
  const client = clientOf([first.url])
  const { seqs } = follow(client)
  await eventually(() => seqs().length === 1)
  first.say({ type: 'paused', reason: 'the store does not answer' })
  await eventually(() => client.connection.paused === 'the store does not answer')
  first.say({ type: 'resumed' })
  await eventually(() => client.connection.paused === undefined)
})
