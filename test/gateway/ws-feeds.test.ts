import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Position, Viewer } from '../../src/engine/engine.ts'
import { createDeferred } from '../../src/lib/deferred.ts'
import { down } from '../../src/protocol/down.ts'
import { newUlid } from '../../src/lib/ulid.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { eventually } from '../support/eventually.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
let seller: string
let ada: string
let bidCount = 0
beforeAll(async () => {
  node = await startTestGateway({ limits: { subscriptionsPerSocketMax: 2 } })
  seller = (await node.guest('Selma')).token
  ada = (await node.guest('Ada')).token
})
afterAll(() => node.stop())
afterEach(() => {
  node.engine.feeding = undefined
})

const bidIn = (id: string, amount: number) =>
  node.ask('POST', `/api/v1/auctions/${id}/bids`, {
    token: ada,
    body: { bidId: `bid-${String(bidCount++).padStart(8, '0')}`, amount },
  })
const newRoom = () => node.auction(seller, { mayRaiseOwnBid: true })

describe('a subscription', () => {
  it('begins with a snapshot and goes on with every event, once', async () => {
    const { id } = await newRoom()
    const socket = await node.socket()
    socket.send({ type: 'subscribe', auctionId: id })
    const snapshot = await socket.next('snapshot')
    expect(snapshot).toMatchObject({ auctionId: id, epoch: 'e1', seq: 2, auction: { id, seq: 2 } })
    expect(snapshot.recent.map(({ seq }) => seq)).toEqual([1, 2])
    await bidIn(id, 120)
    await bidIn(id, 130)
    const second = await socket.next('events', 1)
    expect(second).toMatchObject({ auctionId: id, epoch: 'e1', prevSeq: 3, seq: 4 })
    expect(second.events).toMatchObject([{ seq: 4, type: 'BidAccepted', amount: '130.00' }])
    expect(second.auction).toMatchObject({ bidCount: 2, standingBid: { amount: '130.00' } })
    for (const frame of socket.frames) expect(down.safeParse(frame).error).toBeUndefined()
  })

  it('resumes where it was cut, without a snapshot', async () => {
    const { id } = await newRoom()
    const before = await node.socket()
    before.send({ type: 'subscribe', auctionId: id })
    const { epoch, seq } = await before.next('snapshot')
    before.terminate()
    await bidIn(id, 120)
    const after = await node.socket()
    after.send({ type: 'subscribe', auctionId: id, after: { epoch, seq } })
    expect(await after.next('events')).toMatchObject({ prevSeq: seq, seq: seq + 1 })
    expect(after.all('snapshot')).toEqual([])
  })

  it('hands its position to the feed as it came', async () => {
    const positions: (Position | undefined)[] = []
    node.engine.feeding = async (_id, viewer, after) => {
      positions.push(after)
      viewer.send('{"type":"resumed"}')
      return { end: () => undefined }
    }
    const socket = await node.socket()
    const auctionId = newUlid(0, systemEntropy)
    socket.send({ type: 'subscribe', auctionId, after: { epoch: 'of-before', seq: 9 } })
    await socket.next('resumed')
    expect(positions).toEqual([{ epoch: 'of-before', seq: 9 }])
  })

  it('ends with unsubscribe and with the socket', async () => {
    const { id } = await newRoom()
    const countBefore = node.engine.viewerCount
    const socket = await node.socket()
    const other = await node.socket()
    for (const viewer of [socket, other]) viewer.send({ type: 'subscribe', auctionId: id })
    await Promise.all([socket.next('snapshot'), other.next('snapshot')])
    socket.send({ type: 'unsubscribe', auctionId: id })
    await eventually(() => node.engine.viewerCount === countBefore + 1)
    await bidIn(id, 120)
    await other.next('events')
    expect(socket.all('events')).toEqual([])
    other.terminate()
    await eventually(() => node.engine.viewerCount === countBefore)
  })

  it('asked for again starts anew, and never doubles', async () => {
    const { id } = await newRoom()
    const socket = await node.socket()
    for (let time = 0; time < 3; time++) {
      socket.send({ type: 'subscribe', auctionId: id })
      await socket.next('snapshot', time)
    }
    await bidIn(id, 120)
    await socket.next('events')
    socket.send({ type: 'time', t0: 0 })
    await socket.next('time')
    expect(socket.all('events')).toHaveLength(1)
  })

  it('asked for many times while it is being opened is opened once more, for the newest', async () => {
    const opened = createDeferred<undefined>()
    const asked: { seq: number | undefined; viewer: Viewer }[] = []
    node.engine.feeding = async (_id, viewer, after) => {
      asked.push({ seq: after?.seq, viewer })
      await opened.promise
      viewer.send(JSON.stringify({ type: 'resumed', seq: after?.seq }))
      return { end: () => undefined }
    }
    const socket = await node.socket()
    const auctionId = newUlid(0, systemEntropy)
    for (let seq = 1; seq <= 50; seq++) {
      socket.send({ type: 'subscribe', auctionId, after: { epoch: 'e1', seq } })
      if (seq % 5 === 0) socket.send({ type: 'unsubscribe', auctionId })
    }
    socket.send({ type: 'subscribe', auctionId, after: { epoch: 'e1', seq: 99 } })
    socket.send({ type: 'time', t0: 0 })
    await socket.next('time')
    expect(asked.map(({ viewer }) => viewer.isGone())).toEqual([true])
    opened.resolve(undefined)
    expect(await socket.next('resumed')).toMatchObject({ seq: 99 })
    expect(asked.map(({ seq }) => seq)).toEqual([1, 99])
    expect(socket.all('resumed')).toHaveLength(1)
  })

  it('ended while it was opened is ended all the same', async () => {
    const opened = createDeferred<undefined>()
    let endCount = 0
    let viewer: Viewer | undefined
    node.engine.feeding = async (_id, given) => {
      viewer = given
      await opened.promise
      return { end: () => (endCount += 1) }
    }
    const socket = await node.socket()
    const auctionId = newUlid(0, systemEntropy)
    socket.send({ type: 'subscribe', auctionId })
    socket.send({ type: 'unsubscribe', auctionId })
    socket.send({ type: 'time', t0: 0 })
    await socket.next('time')
    viewer?.send('{"type":"resumed"}')
    opened.resolve(undefined)
    await eventually(() => endCount === 1)
    socket.send({ type: 'time', t0: 1 })
    await socket.next('time', 1)
    expect(socket.all('resumed')).toEqual([])
  })

  it('is bounded in number', async () => {
    const rooms = [await newRoom(), await newRoom(), await newRoom()]
    const socket = await node.socket()
    for (const { id } of rooms) socket.send({ type: 'subscribe', auctionId: id })
    expect(await socket.next('error')).toMatchObject({
      code: 'too-many-subscriptions',
      auctionId: rooms[2]?.id,
    })
    socket.send({ type: 'unsubscribe', auctionId: rooms[0]?.id })
    socket.send({ type: 'subscribe', auctionId: rooms[2]?.id })
    expect((await socket.next('snapshot', 2)).auctionId).toBe(rooms[2]?.id)
  })
})

describe('an auction that does not exist', () => {
  it('closes a socket that watches nothing else with 4004', async () => {
    for (const auctionId of [newUlid(0, systemEntropy), 'nonsense', '']) {
      const socket = await node.socket()
      socket.send({ type: 'subscribe', auctionId })
      expect(await socket.next('error')).toMatchObject({ code: 'no-such-auction', auctionId })
      expect((await socket.closing()).code).toBe(4004)
    }
  })

  it('leaves a socket that watches others alone', async () => {
    const { id } = await newRoom()
    const socket = await node.socket()
    socket.send({ type: 'subscribe', auctionId: id })
    await socket.next('snapshot')
    socket.send({ type: 'subscribe', auctionId: newUlid(0, systemEntropy) })
    await socket.next('error')
    await bidIn(id, 120)
    await socket.next('events')
    expect(socket.closed).toBeUndefined()
  })
})

describe('a slow consumer', () => {
  it('is closed with 4008 when the feed gives up on it', async () => {
    let viewer: Viewer | undefined
    node.engine.feeding = async (_id, given) => {
      viewer = given
      given.send('{"type":"resumed"}')
      return { end: () => undefined }
    }
    const socket = await node.socket()
    socket.send({ type: 'subscribe', auctionId: newUlid(0, systemEntropy) })
    await socket.next('resumed')
    socket.pause()
    const frame = JSON.stringify({ type: 'presence', auctionId: '', pad: 'x'.repeat(60_000) })
    await eventually(
      () => {
        viewer?.send(frame)
        return (viewer?.bufferedBytes() ?? 0) > 256 * 1024
      },
      { everyMs: 1, what: 'buffered bytes that the feed can see' },
    )
    viewer?.tooSlow()
    socket.resume()
    expect((await socket.closing()).code).toBe(4008)
  })

  it('that never reads what it asks for is closed as well', async () => {
    const { id } = await newRoom()
    node.engine.placing = async () => {
      throw new Error('no bids here')
    }
    const socket = await node.socket()
    await socket.next('welcome')
    let viewer: Viewer | undefined
    node.engine.feeding = async (_id, given) => {
      viewer = given
      return { end: () => undefined }
    }
    socket.send({ type: 'subscribe', auctionId: id })
    await eventually(() => viewer)
    socket.pause()
    const frame = JSON.stringify({ type: 'presence', auctionId: '', pad: 'x'.repeat(250_000) })
    await eventually(
      () => {
        viewer?.send(frame)
        return (viewer?.bufferedBytes() ?? 0) > 1024 * 1024
      },
      { everyMs: 1 },
    )
    viewer?.send(frame)
    const buffered = viewer?.bufferedBytes() ?? 0
    for (let more = 0; more < 50; more++) viewer?.send(frame)
    expect(viewer?.bufferedBytes()).toBe(buffered)
    socket.resume()
    expect((await socket.closing()).code).toBe(4008)
    node.engine.placing = undefined
  })
})
