import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createDeferred } from '../../src/lib/deferred.ts'
import { OperatingError } from '../../src/lib/errors.ts'
import { eventually } from '../support/eventually.ts'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

let node: TestGateway
let token: string
beforeAll(async () => {
  node = await startTestGateway()
  token = (await node.guest('Ada')).token
})
afterAll(() => node.stop())
afterEach(() => {
  node.engine.failure = undefined
  node.engine.setService({ state: 'serving' })
})

const cookie = () => `${node.cookieName}=${token}`

describe('the handshake', () => {
  it('confirms the subprotocol, and does without where none is named', async () => {
    expect((await node.socket()).protocol).toBe('lotkeeper.v1')
    expect((await node.socket({ protocols: ['other', 'lotkeeper.v1'] })).protocol).toBe(
      'lotkeeper.v1',
    )
    const plain = await node.socket({ protocols: [] })
    expect(plain.protocol).toBe('')
    await plain.next('welcome')
  })

  it('refuses whoever speaks another protocol only', async () => {
    await expect(node.socket({ protocols: ['lotkeeper.v9'] })).rejects.toThrow('refused: 400')
  })
})

describe('the welcome', () => {
  it('comes first, to strangers too', async () => {
    const socket = await node.socket()
    const welcome = await socket.next('welcome')
    expect(socket.frames[0]).toBe(welcome)
    expect(welcome).toEqual({
      type: 'welcome',
      nodeId: 'n1',
      protocol: 1,
      serverTime: '2026-01-01T00:00:00.000Z',
    })
  })

  it('knows whoever brings the cookie', async () => {
    const socket = await node.socket({ cookie: cookie() })
    expect((await socket.next('welcome')).user).toMatchObject({ name: 'Ada' })
    socket.send({ type: 'hello' })
    expect((await socket.next('welcome', 1)).user).toMatchObject({ name: 'Ada' })
  })

  it('takes a cookie that nobody knows for none', async () => {
    const socket = await node.socket({ cookie: `${node.cookieName}=${'x'.repeat(43)}` })
    expect((await socket.next('welcome')).user).toBeUndefined()
  })

  it('comes again after a hello, which may change who one is', async () => {
    const ben = await node.guest('Ben')
    const socket = await node.socket({ cookie: cookie() })
    socket.send({ type: 'hello', token: ben.token })
    expect((await socket.next('welcome', 1)).user).toEqual(ben.user)
  })

  it('does not come to a wrong token: the socket is closed with 4001', async () => {
    for (const wrong of ['x'.repeat(43), 'short', '../../sessions']) {
      const socket = await node.socket({ cookie: cookie() })
      socket.send({ type: 'hello', token: wrong })
      socket.send({ type: 'bid', bidId: 'as-nobody', auctionId: 'x', amount: 1 })
      expect((await socket.closing()).code).toBe(4001)
      expect(socket.all('welcome').length).toBeLessThanOrEqual(1)
    }
    expect(node.engine.placed).toEqual([])
  })

  it('does not come to a wrong token, nor does anything that was sent behind it count', async () => {
    const { id } = await node.auction((await node.guest('Selma')).token)
    const socket = await node.socket()
    await socket.next('welcome')
    socket.send({ type: 'hello', token: 'x'.repeat(43) })
    socket.send({ type: 'hello', token })
    socket.send({ type: 'bid', bidId: 'behind-the-wrong', auctionId: id, amount: '120' })
    expect((await socket.closing()).code).toBe(4001)
    expect(socket.all('welcome')).toHaveLength(1)
    expect(node.engine.placed).toEqual([])
  })

  it('comes before any other answer, however long it takes to know someone', async () => {
    const identify = node.engine.guests.identify.bind(node.engine.guests)
    const known = createDeferred<undefined>()
    let askCount = 0
    node.engine.guests.identify = async (given) => {
      askCount++
      await known.promise
      return identify(given)
    }
    const socket = await node.socket({ cookie: cookie() })
    socket.send({ type: 'time', t0: 1 })
    socket.send({ type: 'hello', token })
    socket.send({ type: 'time', t0: 2 })
    await eventually(() => askCount === 1)
    for (let turn = 0; turn < 3; turn++) await node.ask('GET', '/healthz')
    expect(socket.frames).toEqual([])
    known.resolve(undefined)
    await socket.next('time', 1)
    expect(socket.frames.map(({ type }) => type)).toEqual(['welcome', 'time', 'welcome', 'time'])
    node.engine.guests.identify = identify
  })

  it('says when the service is paused, and everybody hears when it resumes', async () => {
    node.engine.setService({ state: 'paused', reason: 'no quorum' })
    const socket = await node.socket()
    expect(await socket.next('paused')).toEqual({ type: 'paused', reason: 'no quorum' })
    expect(socket.frames.map(({ type }) => type)).toEqual(['welcome', 'paused'])
    node.engine.setService({ state: 'serving' })
    await socket.next('resumed')
    node.engine.setService({ state: 'paused', reason: 'again' })
    expect(await socket.next('paused', 1)).toMatchObject({ reason: 'again' })
  })

  it('lets a known person bid once the store can tell again who it is', async () => {
    const { id } = await node.auction((await node.guest('Selma')).token)
    node.engine.failure = new OperatingError('suspended', 'no quorum')
    const socket = await node.socket()
    socket.send({ type: 'hello', token })
    expect(await socket.next('error')).toMatchObject({ code: 'store-unavailable' })
    await socket.next('welcome', 1)
    const bid = { type: 'bid', bidId: 'bid-when-paused', auctionId: id, amount: '120' }
    socket.send(bid)
    expect(await socket.next('outcome')).toMatchObject({
      outcome: 'rejected',
      code: 'store-unavailable',
      final: false,
    })
    node.engine.failure = undefined
    socket.send(bid)
    expect(await socket.next('outcome', 1)).toMatchObject({ outcome: 'accepted' })
  })
})

describe('the end of a session', () => {
  it('ends its sockets', async () => {
    const guest = await node.guest('Cleo')
    const socket = await node.socket()
    socket.send({ type: 'hello', token: guest.token })
    await socket.next('welcome', 1)
    const other = await node.socket({ cookie: cookie() })
    await other.next('welcome')
    await node.ask('DELETE', '/api/v1/session', { token: guest.token })
    expect((await socket.closing()).code).toBe(4001)
    expect(other.closed).toBeUndefined()
  })
})

describe('time', () => {
  it('is told in ms of cluster time', async () => {
    const socket = await node.socket()
    socket.send({ type: 'time', t0: 12.5 })
    const now = Date.UTC(2026, 0, 1)
    expect(await socket.next('time')).toEqual({ type: 'time', t0: 12.5, t1: now, t2: now })
  })

  it('is not told by a node that does not know it', async () => {
    const socket = await node.socket()
    node.engine.nowMs = undefined
    socket.send({ type: 'time', t0: 1 })
    expect(await socket.next('error')).toMatchObject({ code: 'unsettled' })
    node.engine.nowMs = Date.UTC(2026, 0, 1)
  })
})
