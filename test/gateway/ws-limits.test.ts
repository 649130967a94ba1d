import { must } from '../../src/lib/assert.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { BidOutcome } from '../../src/engine/engine.ts'
import { createDeferred } from '../../src/lib/deferred.ts'
import { eventually } from '../support/eventually.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
beforeAll(async () => {
  node = await startTestGateway()
})
afterAll(() => node.stop())

describe('a frame', () => {
  it.each([
    ['bad-json', 'nonsense'],
    ['bad-json', ''],
    ['bad-json', '7'],
    ['bad-json', 'null'],
    ['bad-json', '[]'],
    ['unknown-type', '{}'],
    ['unknown-type', '{"type":"shout"}'],
    ['unknown-type', '{"type":7}'],
    ['unknown-type', '{"type":"__proto__"}'],
    ['unknown-type', '{"type":"welcome"}'],
    ['unknown-field', '{"type":"time","t0":1,"t1":2}'],
    ['unknown-field', '{"type":"time","t0":1,"__proto__":{"a":1}}'],
    ['bad-message', '{"type":"time"}'],
    ['bad-message', '{"type":"time","t0":"1"}'],
    ['bad-message', '{"type":"hello","token":""}'],
    ['no-such-auction', '{"type":"subscribe"}'],
    ['no-such-auction', '{"type":"unsubscribe","auctionId":{"length":{"toString":1}}}'],
    ['bad-message', '{"type":"hello","token":{"length":{"toString":1}}}'],
    ['bad-message', '{"type":"subscribe","auctionId":"01JAAAAAAAAAAAAAAAAAAAAAAA","after":7}'],
    [
      'bad-message',
      '{"type":"subscribe","auctionId":"01JAAAAAAAAAAAAAAAAAAAAAAA","after":{"epoch":"e","seq":-1}}',
    ],
  ])('that makes no sense is answered with %s: %s', async (code, text) => {
    const socket = await node.socket()
    socket.sendRaw(text)
    expect(await socket.next('error')).toMatchObject({ code })
    socket.send({ type: 'time', t0: 1 })
    await socket.next('time')
    expect(socket.closed).toBeUndefined()
  })

  it('that is not text is answered with bad-message', async () => {
    const socket = await node.socket()
    socket.sendRaw(Buffer.from('{"type":"time","t0":1}'))
    expect(await socket.next('error')).toMatchObject({ code: 'bad-message' })
  })

  it('may have 8 KiB and no byte more', async () => {
    const socket = await node.socket()
    const text = (size: number) => '{"type":"time","t0":1}'.padEnd(size, ' ')
    socket.sendRaw(text(8 * 1024))
    await socket.next('time')
    socket.sendRaw(text(8 * 1024 + 1))
    expect((await socket.closing()).code).toBe(1009)
  })
})

it('a frame that the node fails at costs its socket, and nobody else', async () => {
  const other = await node.socket()
  const socket = await node.socket()
  await socket.next('welcome')
  const now = node.engine.time.now.bind(node.engine.time)
  node.engine.time.now = () => {
    throw new Error('planted')
  }
  socket.send({ type: 'time', t0: 1 })
  expect((await socket.closing()).code).toBe(1008)
  node.engine.time.now = now
  other.send({ type: 'time', t0: 2 })
  expect(await other.next('time')).toMatchObject({ t0: 2 })
})

describe('too many frames', () => {
  it('are refused one by one, a bid with its outcome, and then the socket is closed with 4029', async () => {
    const strict = await startTestGateway({
      limits: { framesPerSecond: 1, framesBurst: 2, rateStrikesMax: 5 },
    })
    const socket = await strict.socket()
    await socket.next('welcome')
    socket.send({ type: 'time', t0: 0 })
    socket.send({ type: 'time', t0: 0 })
    socket.send({ type: 'bid', bidId: 'too-many-bids', auctionId: 'x', amount: '1' })
    expect(await socket.next('outcome')).toMatchObject({
      bidId: 'too-many-bids',
      code: 'rate-limited',
      final: false,
      retryAfterMs: expect.any(Number) as number,
    })
    for (let strike = 1; strike < 5; strike++) socket.send({ type: 'time', t0: 0 })
    await socket.next('error', 3)
    expect(socket.closed).toBeUndefined()
    socket.send({ type: 'time', t0: 0 })
    expect((await socket.closing()).code).toBe(4029)
    expect(socket.all('time')).toHaveLength(2)
    await strict.stop()
  })

  it('are refused no more once their sender has waited', async () => {
    const clock = createManualClock()
    const strict = await startTestGateway({
      clock,
      limits: { framesPerSecond: 1, framesBurst: 1, rateStrikesMax: 1 },
    })
    const socket = await strict.socket()
    for (let round = 0; round < 4; round++) {
      socket.send({ type: 'time', t0: round })
      await socket.next('time', round)
      socket.send({ type: 'time', t0: round })
      await socket.next('error', round)
      await clock.advance(1_000)
    }
    expect(socket.closed).toBeUndefined()
    await strict.stop()
  })
})

describe('too many sockets', () => {
  it('from one address are turned away with 1013, until one goes', async () => {
    const strict = await startTestGateway({ limits: { socketsPerAddressMax: 1 } })
    const first = await strict.socket()
    await first.next('welcome')
    const second = await strict.socket()
    expect((await second.closing()).code).toBe(1013)
    expect(second.frames).toEqual([])
    first.close()
    await first.closing()
    await eventually(async () => {
      const third = await strict.socket()
      await eventually(() => third.frames.length > 0 || third.closed)
      return third.closed === undefined
    })
    await strict.stop()
  })

  it('on one node are turned away with 1013', async () => {
    const strict = await startTestGateway({ limits: { socketsPerNodeMax: 1 } })
    await (await strict.socket()).next('welcome')
    expect((await (await strict.socket()).closing()).code).toBe(1013)
    await strict.stop()
  })
})

describe('silence', () => {
  it('over two pings cuts a socket off; an answer keeps it', async () => {
    const clock = createManualClock()
    const quiet = await startTestGateway({ clock })
    const dead = await quiet.socket({ autoPong: false })
    const alive = await quiet.socket()
    await Promise.all([dead.next('welcome'), alive.next('welcome')])
    for (let ping = 0; ping < 2; ping++) {
      await clock.advance(15_000)
      alive.send({ type: 'time', t0: ping })
      await alive.next('time', ping)
      expect(dead.closed).toBeUndefined()
    }
    await clock.advance(15_000)
    expect((await dead.closing()).code).toBe(1006)
    expect(alive.closed).toBeUndefined()
    await quiet.stop()
  })

  it('is broken by a bare pong too', async () => {
    const clock = createManualClock()
    const quiet = await startTestGateway({ clock })
    const socket = await quiet.socket()
    await socket.next('welcome')
    for (let ping = 0; ping < 5; ping++) {
      await clock.advance(15_000)
      await eventually(() => socket.pingCount === ping + 1)
      // All in one process: by the time that this is answered, the pong was heard.
      for (let turn = 0; turn < 3; turn++) await quiet.ask('GET', '/healthz')
    }
    expect(socket.closed).toBeUndefined()
    await quiet.stop()
  })
})

describe('a session that ended elsewhere', () => {
  it('ends its sockets at once when this node learns of it, and refuses a bid that comes before', async () => {
    const watched = await startTestGateway()
    const { token } = await watched.guest('Ada')
    const socket = await watched.socket()
    socket.send({ type: 'hello', token })
    await socket.next('welcome', 1)
    const session = must(await watched.engine.guests.identify(token), 'session')
    await watched.engine.guests.end(session)
    expect((await socket.closing()).code).toBe(4001)
    await watched.stop()
  })

  it('ends its sockets when they are looked up, if nobody told of it', async () => {
    const clock = createManualClock()
    const watched = await startTestGateway({ clock, limits: { missedPingsMax: 1_000 } })
    const { token } = await watched.guest('Ada')
    const socket = await watched.socket()
    socket.send({ type: 'hello', token })
    await socket.next('welcome', 1)
    watched.engine.guests.lookAgain = async () => undefined
    await clock.advance(5 * 60_000)
    expect((await socket.closing()).code).toBe(4001)
    await watched.stop()
  })
})

describe('a node that leaves', () => {
  it('closes all with 1012, newcomers too, and lets bids be answered first', async () => {
    const leaving = await startTestGateway({ limits: { drainSpreadMs: 40 } })
    const { token } = await leaving.guest('Ada')
    const room = await leaving.auction((await leaving.guest('Selma')).token)
    const decided = createDeferred<BidOutcome>()
    leaving.engine.placing = () => decided.promise
    const idle = await Promise.all(Array.from({ length: 30 }, () => leaving.socket()))
    const bidder = await leaving.socket()
    bidder.send({ type: 'hello', token })
    bidder.send({ type: 'bid', bidId: 'the-last-bid', auctionId: room.id, amount: '120' })
    await eventually(() => leaving.engine.placed.length === 1)
    leaving.isDraining = true
    const drained = leaving.gateway.drain()
    for (const socket of idle) expect((await socket.closing()).code).toBe(1012)
    expect((await (await leaving.socket()).closing()).code).toBe(1012)
    expect(bidder.closed).toBeUndefined()
    decided.resolve({ outcome: 'unknown', bidId: 'the-last-bid' })
    expect((await bidder.closing()).code).toBe(1012)
    expect(bidder.all('outcome')).toHaveLength(1)
    await drained
    expect((await leaving.ask('GET', '/healthz')).status).toBe(200)
    await leaving.stop()
  })

  it('frees its port when closed, whoever is still there', async () => {
    const gone = await startTestGateway()
    const socket = await gone.socket()
    await gone.ask('GET', '/healthz')
    await gone.gateway.close()
    expect((await socket.closing()).code).toBe(1006)
    await expect(gone.ask('GET', '/healthz')).rejects.toThrow()
    await gone.gateway.close()
  })
})
