import { afterEach, describe, expect, it } from 'vitest'
import { startTestGateway, type TestGateway } from './test-gateway.ts'

const limits = { wrongTokensBurst: 3, wrongTokensPerSecond: 1 }
const wrongToken = (guess: number) => `${'x'.repeat(36)}${String(guess).padStart(7, '0')}`

let node: TestGateway
afterEach(() => node.stop())

async function guess(count: number): Promise<number[]> {
  const statuses: number[] = []
  for (let number = 0; number < count; number++) {
    const { status } = await node.ask('GET', '/api/v1/session', { token: wrongToken(number) })
    statuses.push(status)
  }
  return statuses
}

describe('wrong tokens of an address', () => {
  it('are refused with 429 after a few', async () => {
    node = await startTestGateway({ limits })
    expect(await guess(5)).toEqual([401, 401, 401, 429, 429])
    const refused = await node.ask('GET', '/api/v1/session', { token: wrongToken(9) })
    expect(refused.json).toMatchObject({ code: 'rate-limited' })
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
  })

  it.each(['believed by the node', 'new to the node'])(
    'keep nobody out whose token is right and %s',
    async (how) => {
      // As the default is, but the guesses of a slow machine are not forgotten meanwhile.
      node = await startTestGateway({ limits: { wrongTokensBurst: 200, wrongTokensPerSecond: 1 } })
      const seller = await node.guest('Selma')
      const { id } = await node.auction(seller.token)
      const { token, user } = await node.guest('Ada')
      const statuses = await guess(210)
      expect(statuses.slice(-1)).toEqual([429])
      const forget = () => {
        if (how === 'new to the node') node.engine.believeNobody()
      }
      forget()
      expect(await node.ask('GET', '/api/v1/session', { token })).toMatchObject({ status: 200 })
      forget()
      const socket = await node.socket({ cookie: `${node.cookieName}=${token}` })
      expect((await socket.next('welcome')).user).toEqual(user)
      forget()
      socket.send({ type: 'hello', token })
      expect((await socket.next('welcome', 1)).user).toEqual(user)
      socket.send({ type: 'bid', bidId: 'despite-them', auctionId: id, amount: '120' })
      expect(await socket.next('outcome')).toMatchObject({ outcome: 'accepted' })
    },
  )

  it('ask the store only once each after a few, and never freshly', async () => {
    node = await startTestGateway({ limits })
    await guess(6)
    expect(node.engine.tokenReads).toEqual(['fresh', 'fresh', 'fresh', 'plain', 'plain', 'plain'])
  })

  it('that are sent again at once ask the store no more', async () => {
    node = await startTestGateway()
    for (let time = 0; time < 5; time++) {
      await node.ask('GET', '/api/v1/session', { token: wrongToken(1) })
    }
    expect(node.engine.tokenReads).toEqual(['fresh'])
  })

  it('that could be nobody’s ask no store and count for nothing', async () => {
    node = await startTestGateway({ limits })
    for (const token of [
      'short',
      'x'.repeat(257),
      'not+one+of+our+tokens',
      '"quoted-quoted-quoted"',
    ]) {
      const { status } = await node.ask('GET', '/api/v1/session', { token })
      expect(status).toBe(401)
    }
    expect(node.engine.tokenReads).toEqual([])
    expect(await guess(3)).toEqual([401, 401, 401])
  })

  it('slow down only those of the same address', async () => {
    node = await startTestGateway({ limits, trustedProxies: ['127.0.0.1'] })
    const from = (address: string, number: number) =>
      node.ask('GET', '/api/v1/session', {
        token: wrongToken(number),
        headers: { 'x-forwarded-for': address },
      })
    for (let number = 0; number < 3; number++) await from(`2001:db8::${number}`, number)
    expect((await from('2001:db8::ffff', 3)).status).toBe(429)
    expect((await from('2001:db8:0:1::1', 4)).status).toBe(401)
  })
})
