import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { createDeferred } from '../../src/lib/deferred.ts'
import { OperatingError } from '../../src/lib/errors.ts'
import { newUlid } from '../../src/lib/ulid.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { down } from '../../src/protocol/down.ts'
import { eventually } from '../support/eventually.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'
import type { TestSocket } from './test-socket.ts'

let node: TestGateway
let auctionId: string
let ada: string
let bidCount = 0
const newBidId = () => `bid-${String(bidCount++).padStart(8, '0')}`

beforeAll(async () => {
  node = await startTestGateway()
  auctionId = (await node.auction((await node.guest('Selma')).token, { mayRaiseOwnBid: true })).id
  ada = (await node.guest('Ada')).token
})
afterAll(() => node.stop())
afterEach(() => {
  node.engine.placing = undefined
  node.engine.failure = undefined
  node.isDraining = false
})

async function signedIn(token = ada): Promise<TestSocket> {
  const socket = await node.socket()
  socket.send({ type: 'hello', token })
  await socket.next('welcome', 1)
  return socket
}

const bid = (amount: unknown, over: object = {}) => ({
  type: 'bid',
  bidId: newBidId(),
  auctionId,
  amount,
  ...over,
})

describe('each bid frame', () => {
  it('gets exactly one outcome, that of its bidId', async () => {
    const socket = await signedIn()
    const bids = [bid('120'), bid('1'), bid(130.5), bid('x')]
    for (const frame of bids) socket.send(frame)
    await socket.next('outcome', 3)
    const codes = bids.map(({ bidId }) => {
      const outcomes = socket.all('outcome').filter((outcome) => outcome.bidId === bidId)
      expect(outcomes).toHaveLength(1)
      expect(down.safeParse(outcomes[0]).error).toBeUndefined()
      const outcome = outcomes[0]!
      return outcome.outcome === 'rejected' ? outcome.code : outcome.outcome
    })
    expect(codes).toEqual(['accepted', 'bid-too-low', 'accepted', 'bad-amount'])
    expect(socket.all('error')).toEqual([])
  })

  it('sent again gets the first acceptance again', async () => {
    const socket = await signedIn()
    const frame = bid('500')
    socket.send(frame)
    socket.send(frame)
    const second = await socket.next('outcome', 1)
    expect(second).toEqual(await socket.next('outcome'))
    expect(second).toMatchObject({ type: 'outcome', auctionId, outcome: 'accepted' })
  })

  it('carries what a refused bidder needs to go on', async () => {
    const socket = await signedIn()
    socket.send(bid('1'))
    expect(await socket.next('outcome')).toMatchObject({
      outcome: 'rejected',
      code: 'bid-too-low',
      final: true,
      seq: expect.any(Number) as number,
      minimumNextBid: expect.stringMatching(/^\d+\.\d\d$/) as string,
      endsAt: '2026-01-01T01:00:00.000Z',
    })
  })

  it.each([
    ['bad-amount', { amount: '1e3' }],
    ['bad-amount', { amount: '120.001' }],
    ['bad-amount', { amount: null }],
    ['bad-amount', { amount: undefined }],
    ['bad-message', { bidId: 'short' }],
    ['bad-message', { bidId: undefined }],
    ['bad-message', { bidId: { $gt: '' } }],
    ['no-such-auction', { auctionId: 'nonsense' }],
    ['no-such-auction', { auctionId: undefined }],
    ['unknown-field', { at: '2020-01-01T00:00:00Z' }],
    ['unknown-field', { bidder: 'somebody-else' }],
  ])('that is malformed is refused, not final: %s %j', async (code, over) => {
    const socket = await signedIn()
    const placedBefore = node.engine.placed.length
    socket.send(bid('900', over))
    expect(await socket.next('outcome')).toMatchObject({ outcome: 'rejected', code, final: false })
    expect(node.engine.placed).toHaveLength(placedBefore)
  })

  it('to an auction that does not exist is refused', async () => {
    const socket = await signedIn()
    socket.send(bid('900', { auctionId: newUlid(0, systemEntropy) }))
    expect(await socket.next('outcome')).toMatchObject({ code: 'no-such-auction', final: false })
    expect(socket.closed).toBeUndefined()
  })

  it('of nobody is asked to sign in, and counts once it is somebody', async () => {
    const socket = await node.socket()
    const frame = bid('1000')
    socket.send(frame)
    expect(await socket.next('outcome')).toMatchObject({ code: 'sign-in-first', final: false })
    socket.send({ type: 'hello', token: ada })
    socket.send(frame)
    expect(await socket.next('outcome', 1)).toMatchObject({ outcome: 'accepted' })
    expect(node.engine.placed.at(-1)?.bidder.name).toBe('Ada')
  })

  it('before the welcome is that of the cookie', async () => {
    const socket = await node.socket({ cookie: `${node.cookieName}=${ada}` })
    socket.send(bid('1100'))
    expect(await socket.next('outcome')).toMatchObject({ outcome: 'accepted' })
  })

  it('is unknown when nobody can tell, and never refused', async () => {
    const socket = await signedIn()
    node.engine.placing = async ({ bidId }) => ({ outcome: 'unknown', bidId })
    const frame = bid('2000')
    socket.send(frame)
    expect(await socket.next('outcome')).toEqual({
      type: 'outcome',
      auctionId,
      bidId: frame.bidId,
      outcome: 'unknown',
    })
    node.engine.placing = undefined
    node.engine.failure = new OperatingError('outcome-unknown', 'no answer')
    socket.send(bid('2000'))
    expect(await socket.next('outcome', 1)).toMatchObject({ outcome: 'unknown' })
  })

  it('gets its outcome even when the node fails at it', async () => {
    const socket = await signedIn()
    node.engine.placing = async () => {
      throw new Error('a bug with secret words')
    }
    socket.send(bid('2000'))
    const outcome = await socket.next('outcome')
    expect(outcome).toMatchObject({ outcome: 'unknown' })
    node.engine.placing = undefined
    node.engine.failure = new Error('another bug with secret words')
    socket.send(bid('2000'))
    const early = await socket.next('outcome', 1)
    expect(early).toMatchObject({ outcome: 'rejected', code: 'internal', final: false })
    expect(JSON.stringify([outcome, early])).not.toContain('secret')
  })

  it('is not counted by a node that leaves', async () => {
    const socket = await signedIn()
    node.isDraining = true
    socket.send(bid('2000'))
    expect(await socket.next('outcome')).toMatchObject({ code: 'draining', final: false })
  })

  it('waits for no other', async () => {
    const socket = await signedIn()
    const slow = createDeferred<BidOutcome>()
    const slowBid = bid('3000')
    node.engine.placing = ({ bidId }) =>
      bidId === slowBid.bidId ? slow.promise : Promise.resolve({ outcome: 'unknown', bidId })
    socket.send(slowBid)
    const quick = bid('3001')
    socket.send(quick)
    expect((await socket.next('outcome')).bidId).toBe(quick.bidId)
    slow.resolve({ outcome: 'unknown', bidId: slowBid.bidId })
    expect((await socket.next('outcome', 1)).bidId).toBe(slowBid.bidId)
  })
})

describe('limits of bids', () => {
  it('hold per bidder, over all sockets', async () => {
    const strict = await startTestGateway({ limits: { bidsPerSecond: 1, bidsBurst: 3 } })
    const { token } = await strict.guest('Hasty')
    const room = await strict.auction((await strict.guest('Selma')).token)
    const sockets = [await strict.socket(), await strict.socket()]
    for (const socket of sockets) {
      socket.send({ type: 'hello', token })
      for (let count = 0; count < 3; count++) {
        socket.send({ type: 'bid', bidId: newBidId(), auctionId: room.id, amount: '1' })
      }
    }
    await Promise.all(sockets.map((socket) => socket.next('outcome', 2)))
    const outcomes = sockets.flatMap((socket) => socket.all('outcome'))
    await strict.stop()
    const refused = outcomes.filter(
      (outcome) => outcome.outcome === 'rejected' && outcome.code === 'rate-limited',
    )
    expect(outcomes).toHaveLength(6)
    expect(refused).toHaveLength(3)
    expect(refused[0]).toMatchObject({
      final: false,
      retryAfterMs: expect.any(Number) as number,
    })
  })

  it('refuse what waits on one socket beyond a number', async () => {
    const strict = await startTestGateway({ limits: { bidsInFlightPerSocketMax: 2 } })
    const { token } = await strict.guest('Ada')
    const room = await strict.auction((await strict.guest('Selma')).token)
    const decided = createDeferred<undefined>()
    strict.engine.placing = async ({ bidId }) => {
      await decided.promise
      return { outcome: 'unknown', bidId }
    }
    const socket = await strict.socket()
    socket.send({ type: 'hello', token })
    for (let count = 0; count < 3; count++) {
      socket.send({ type: 'bid', bidId: newBidId(), auctionId: room.id, amount: '100' })
    }
    expect(await socket.next('outcome')).toMatchObject({ code: 'overloaded', final: false })
    decided.resolve(undefined)
    await eventually(() => socket.all('outcome').length === 3)
    await strict.stop()
  })
})
