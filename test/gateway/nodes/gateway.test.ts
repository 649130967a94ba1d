import { afterEach, describe, expect, it } from 'vitest'
import type { ForwardedBids } from '../../../src/engine/forwarding.ts'
import type { Clock } from '../../../src/lib/clock.ts'
import { eventually } from '../../support/eventually.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { startTestGateway, type TestGateway } from '../test-gateway.ts'
import { acceptAll, bidsOf, kindOf, openRawLink, passOf, startAsker } from './link-room.ts'

let node: TestGateway
const taken: ForwardedBids[] = []
afterEach(() => node.stop())

const start = (sessionId: string, clock?: Clock) =>
  startTestGateway({
    ...(clock !== undefined && { clock }),
    forwarding: {
      ownSessionId: () => sessionId,
      bidding: {
        takeForwarded(bids) {
          taken.push(bids)
          return acceptAll(bids)
        },
      },
    },
  })
const addressOf = ({ url }: TestGateway, sessionId: string) => ({ nodeId: 'n1', sessionId, url })

describe('a node', () => {
  it('takes what others forward at /nodes, beside its people at /ws', async () => {
    node = await start('s1')
    const asker = startAsker()
    await asker.connect(addressOf(node, 's1'))
    const bids = bidsOf(100)
    expect(await kindOf(asker.links.forward(addressOf(node, 's1'), bids, 5_000))).toBe('answered')
    expect(taken.at(-1)).toEqual(bids)
    expect(await (await node.socket()).next('welcome')).toMatchObject({ nodeId: 'n1' })
    asker.links.close()
  })

  it('that does not forward has no such place', async () => {
    node = await startTestGateway()
    const headers = {
      authorization: `Bearer ${passOf('s1')}`,
      ...{ 'x-lotkeeper-to': 's1', 'x-lotkeeper-from': 's0' },
    }
    await expect(openRawLink(node.port, headers)).rejects.toThrow('404 no-such-route')
  })

  it('says goodbye to the links when it drains', async () => {
    node = await start('s1')
    const asker = startAsker()
    await asker.connect(addressOf(node, 's1'))
    node.isDraining = true
    await node.gateway.drain()
    await eventually(() => asker.logged.length === 1)
    expect(asker.logged).toMatchObject([
      { fields: { why: expect.stringContaining('1012') as string } },
    ])
    asker.links.close()
    expect(asker.clock.armedCount).toBe(0)
  })

  it('cuts the links when it closes, at once, and keeps nothing', async () => {
    // On this clock nobody's patience ends.
    const clock = createManualClock()
    node = await start('s1', clock)
    const asker = startAsker()
    await asker.connect(addressOf(node, 's1'))
    await node.gateway.close()
    await eventually(() => asker.logged.length === 1)
    expect(asker.logged).toMatchObject([
      { fields: { why: expect.stringContaining('1006') as string } },
    ])
    expect(clock.armedCount).toBe(0)
    asker.links.close()
  })
})

describe('the secret that nodes know each other by', () => {
  it('is changed by the operator alone, and never shown', async () => {
    node = await startTestGateway({ operatorToken: 'an-operator-token' })
    const path = '/api/v1/cluster/secret/rotate'
    const { token } = await node.guest('Ann')
    for (const asked of [{}, { token }, { token: 'an-operator-tokem' }])
      expect((await node.ask('POST', path, asked)).status).toBe(403)
    const { status, json } = await node.ask('POST', path, { token: 'an-operator-token' })
    expect(status).toBe(200)
    expect(json).toEqual({ number: 2, previousGoodUntil: '1970-01-01T00:01:00.000Z' })
  })
})
