import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNodeLinks } from '../../../src/gateway/nodes/links.ts'
import { silentLog } from '../../../src/lib/log.ts'
import { silentMetrics } from '../../../src/lib/metrics.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import { eventually } from '../../support/eventually.ts'
import { auctionId, bidsOf, kindOf, passOf, startAsker } from './link-room.ts'
import { type RawNode, startRawNode } from './raw-node.ts'

let node: RawNode
let asker: ReturnType<typeof startAsker>
beforeEach(async () => {
  node = await startRawNode()
  asker = startAsker()
})
afterEach(async () => {
  asker.links.close()
  await node.stop()
})

const soon = { everyMs: 1 }
/** The numbers of the forwards that arrived. */
const numbers = () =>
  node.frames.flatMap((frame) => (JSON.parse(frame) as [number][]).map(([number]) => number))
const arrived = (count: number) => eventually(() => numbers().length === count, soon)
const forward = (withinMs = 1_000, bids = bidsOf(100)) =>
  asker.links.forward(node.address(), bids, withinMs)
/** Says unknown, of a single bid each. */
const answer = (...answered: number[]) =>
  node.send(JSON.stringify(answered.map((number) => [number, [['u', null]]])))
/** Connects without leaving anything unanswered. */
async function open() {
  const { callCount } = node
  node.frames.length = 0
  expect(await kindOf(forward())).toBe('not-sent')
  await eventually(() => node.openCount === 1 && node.callCount === callCount + 1, soon)
  // Ours opens a little later than theirs.
  const first = await eventually(async () => {
    const probe = forward(600_000)
    const kind = await Promise.race([kindOf(probe), arrived(1).then(() => 'arrived' as const)])
    return kind === 'arrived' ? { probe } : undefined
  }, soon)
  const [number] = numbers()
  answer(number!)
  await first.probe
  node.frames.length = 0
  return number! + 1
}

describe('a link that is not open', () => {
  it('takes nothing and lets nobody wait, and shows its pass as it calls', async () => {
    expect(await forward()).toEqual({ kind: 'not-sent' })
    expect(await forward()).toEqual({ kind: 'not-sent' })
    await eventually(() => node.openCount === 1, soon)
    expect(node.callCount).toBe(1)
    expect(node.headers[0]).toMatchObject({
      authorization: `Bearer ${passOf('s1')}`,
      'x-lotkeeper-to': 's1',
      'x-lotkeeper-from': 's0',
      'sec-websocket-protocol': 'lotkeeper.node.v1',
    })
    expect(node.headers[0]).not.toHaveProperty('origin')
  })

  it('is tried again after 1 s, then after 2, 4, and never more than 30', async () => {
    node.mood = 'refusing'
    const waits = [1, 2, 4, 8, 16, 30, 30]
    for (const [failedCount, seconds] of waits.entries()) {
      await forward()
      await eventually(() => asker.logged.length === failedCount + 1, soon)
      await asker.clock.advance(seconds * 1_000 - 1)
      await forward()
      expect(node.callCount).toBe(failedCount + 1)
      await asker.clock.advance(1)
    }
    expect(JSON.stringify(asker.logged)).not.toContain('pass')
  })

  it('has failed when its call is not answered within 3 s', async () => {
    node.mood = 'frozen'
    await forward()
    await eventually(() => node.callCount === 1, soon)
    await asker.clock.advance(3_000)
    expect(asker.logged).toMatchObject([{ fields: { to: 'raw', why: 'no answer to our call' } }])
    node.mood = 'open'
    await asker.clock.advance(1_000)
    await open()
  })

  it('is not called while there is no pass', async () => {
    const without = startAsker({ pass: () => Promise.reject(new Error('the store is away')) })
    expect(await kindOf(without.links.forward(node.address(), bidsOf(1), 10))).toBe('not-sent')
    await eventually(() => without.logged.length === 1, soon)
    expect(without.logged[0]).toMatchObject({ fields: { why: 'the store is away' } })
    expect(node.callCount).toBe(0)
    without.links.close()
  })

  it.each(['', 'no url', 'ftp://127.0.0.1', 'http://127.0.0.1:1'])(
    'nor where no node can be: %j',
    async (url) => {
      const to = { nodeId: 'n9', sessionId: 's9', url }
      expect(await asker.links.forward(to, bidsOf(1), 10)).toEqual({ kind: 'not-sent' })
      await eventually(() => asker.logged.length === 1, soon)
    },
  )
})

describe('forwards', () => {
  it('of one turn leave in one frame, in their order, and get each its own answer', async () => {
    const first = await open()
    const forwards = [forward(), forward(1_000, bidsOf(1, 2)), forward()]
    await arrived(3)
    expect(node.frames).toHaveLength(1)
    expect(numbers()).toEqual([first, first + 1, first + 2])
    node.send(JSON.stringify([[first + 2, [null]]]))
    expect(await forwards[2]).toEqual({ kind: 'answered', answers: [null] })
    node.send(
      `[[${first + 1},[["r","bid-too-low",true,9,105,null,null,[1,0,2.5,3]],null]],[${first},[["u",null]]]]`,
    )
    const [one, two] = await Promise.all(forwards)
    expect(one).toMatchObject({ answers: [{ outcome: { outcome: 'unknown' } }] })
    expect(two).toMatchObject({
      answers: [
        {
          outcome: { code: 'bid-too-low', final: true, seq: 9, minimumNextBidMinor: 105 },
          timing: { waitedMs: 1, lockMs: 0, commitMs: 2.5, batchSize: 3 },
        },
        null,
      ],
    })
  })

  it('are cut into several frames where they are large', async () => {
    await open()
    const many = Array.from({ length: 2_000 }, (_, index) => index)
    for (let n = 0; n < 12; n++) void forward(1_000, bidsOf(...many))
    await arrived(12)
    expect(node.frames.length).toBeGreaterThan(1)
    for (const frame of node.frames) expect(frame.length).toBeLessThan(1024 * 1024)
  })

  it('are not sent while a thousand wait, nor with more than 2,000 bids', async () => {
    const first = await open()
    for (let n = 0; n < 1_000; n++) void forward()
    expect(await kindOf(forward())).toBe('not-sent')
    await arrived(1_000)
    answer(first)
    await eventually(async () => {
      const over = forward()
      const kind = await Promise.race([kindOf(over), arrived(1_001)])
      return kind !== 'not-sent'
    }, soon)
    answer(first + 1)
    expect(await kindOf(forward(1_000, bidsOf(...new Array<number>(2_001).fill(1))))).toBe(
      'not-sent',
    )
  })

  it('are not sent while more than 1 MiB waits to leave', async () => {
    await open()
    node.pause()
    const many = bidsOf(...new Array<number>(2_000).fill(1))
    const bidder = { id: 'p1', name: 'A'.repeat(200) }
    const large = { ...many, bids: many.bids.map((bid) => ({ ...bid, bidder })) }
    const kinds: string[] = []
    await eventually(async () => {
      void forward(600_000, large).then(({ kind }) => kinds.push(kind))
      await new Promise((resolve) => setImmediate(resolve))
      return kinds.includes('not-sent')
    }, soon)
  })

  it('are unknown when their time is over, and an answer that comes later is ignored', async () => {
    const first = await open()
    const late = forward(500)
    await arrived(1)
    await asker.clock.advance(499)
    const next = forward(500)
    await arrived(2)
    await asker.clock.advance(1)
    expect(await late).toEqual({ kind: 'unknown' })
    answer(first, first + 1)
    expect(await kindOf(next)).toBe('answered')
    expect(node.openCount).toBe(1)
  })
})

it('an answer that came while we stood still counts as in time', async () => {
  const clock = systemClock
  const links = createNodeLinks({
    ...{ clock, log: silentLog, metrics: silentMetrics, ownSessionId: () => 's0' },
    pass: async (sessionId) => passOf(sessionId),
  })
  const ask = (withinMs: number) => links.forward(node.address(), bidsOf(1), withinMs)
  await ask(50)
  await eventually(() => node.openCount === 1, soon)
  const asked = await eventually(async () => {
    const forwarded = ask(50)
    const isThere = (await Promise.race([kindOf(forwarded), arrived(1)])) === true
    return isThere ? { forwarded } : undefined
  }, soon)
  answer(...numbers())
  const standsUntilMs = clock.monotonicMs() + 100
  while (clock.monotonicMs() < standsUntilMs) continue
  expect(await kindOf(asked.forwarded)).toBe('answered')
  links.close()
})

describe('a link is cut', () => {
  it('after three forwards in a row that nobody answered; all others on it become unknown', async () => {
    await open()
    const patient = forward(60_000)
    for (let n = 0; n < 2; n++) {
      const missed = forward(100)
      await asker.clock.advance(100)
      expect(await kindOf(missed)).toBe('unknown')
    }
    expect(node.openCount).toBe(1)
    void forward(100)
    await asker.clock.advance(100)
    expect(await patient).toEqual({ kind: 'unknown' })
    await eventually(() => node.openCount === 0, soon)
    expect(await kindOf(forward())).toBe('not-sent')
    await asker.clock.advance(1_000)
    await open()
  })

  it('not by many that left together: one stall of the other node is one', async () => {
    await open()
    for (let n = 0; n < 2; n++) {
      const missed = Array.from({ length: 10 }, () => forward(100))
      await asker.clock.advance(100)
      expect(await Promise.all(missed.map(kindOf))).toEqual(missed.map(() => 'unknown'))
    }
    expect(node.openCount).toBe(1)
  })

  it('not when an answer came between', async () => {
    const first = await open()
    for (let n = 0; n < 6; n++) {
      const [missed, heard] = [forward(100), forward(200)]
      await arrived(2 * n + 2)
      await asker.clock.advance(100)
      expect(await kindOf(missed)).toBe('unknown')
      answer(first + 2 * n + 1)
      expect(await kindOf(heard)).toBe('answered')
    }
    expect(node.openCount).toBe(1)
  })

  it.each([
    ['nonsense'],
    ['{}'],
    ['[]'],
    ['[7]'],
    ['[[FIRST]]'],
    ['[[FIRST,[]]]'],
    ['[[FIRST,[null,null]]]'],
    ['[[FIRST,[["a"]]]]'],
    ['[[FIRST,[["a",1,2,3,4,"5",null]]]]'],
    ['[[FIRST,[["r","no-such-code",true,null,null,null,null,null]]]]'],
    ['[[FIRST,[["r","constructor",true,null,null,null,null,null]]]]'],
    ['[[FIRST,[["u",[1,2,3]]]]]'],
    ['[[9999,[null]]]'],
  ])('by an answer that is not understood, which settles nothing: %s', async (text) => {
    const first = await open()
    const asked = forward()
    await arrived(1)
    node.send(text.replace('FIRST', String(first)))
    expect(await asked).toEqual({ kind: 'unknown' })
    await eventually(() => node.openCount === 0, soon)
  })

  it('by an answer that is no text, or above 1 MiB; as large as that is fine', async () => {
    const answered = (number: number) => JSON.stringify([[number, [null]]])
    const first = await open()
    const asked = forward(60_000)
    await arrived(1)
    node.send(answered(first).padEnd(1024 * 1024))
    expect(await kindOf(asked)).toBe('answered')
    const spoil = [
      (number: number) => Buffer.from(answered(number)),
      (number: number) => answered(number).padEnd(1024 * 1024 + 1),
    ]
    for (const [index, spoilt] of spoil.entries()) {
      const number = index === 0 ? first + 1 : await open()
      const lost = forward(60_000)
      await arrived(index === 0 ? 2 : 1)
      node.send(spoilt(number))
      expect(await lost).toEqual({ kind: 'unknown' })
      await asker.clock.advance(30_000)
    }
  })

  it.each(['cut', 'close'] as const)('when the other node says so: %s', async (how) => {
    await open()
    const asked = forward()
    await arrived(1)
    if (how === 'cut') node.cut()
    else node.close(1012)
    expect(await asked).toEqual({ kind: 'unknown' })
  })
})

describe('links', () => {
  it('close after 60 s without use, and open again', async () => {
    const first = await open()
    await asker.clock.advance(40_000)
    const used = forward()
    await arrived(1)
    answer(first)
    await used
    node.frames.length = 0
    await asker.clock.advance(59_999)
    expect(node.openCount).toBe(1)
    await asker.clock.advance(1)
    await eventually(() => node.openCount === 0, soon)
    expect(asker.clock.armedCount).toBe(0)
    await open()
  })

  it('are 64 at most: the one that was not used for longest goes', async () => {
    const session = (n: number) => asker.links.forward(node.address(`s${n}`), bidsOf(1), 60_000)
    for (let n = 0; n < 64; n++) await session(n)
    await eventually(() => node.openCount === 64, soon)
    void session(0)
    await session(64)
    await eventually(() => node.callCount === 65 && node.openCount === 64, soon)
    void session(0)
    await arrived(2)
    expect(node.callCount).toBe(65)
    await session(1)
    await eventually(() => node.callCount === 66, soon)
  })

  it('leave nothing open and nothing armed when they are closed', async () => {
    await open()
    const asked = forward()
    await arrived(1)
    void asker.links.forward(node.address('s2'), bidsOf(1), 1_000)
    asker.links.close()
    expect(await asked).toEqual({ kind: 'unknown' })
    await eventually(() => node.openCount === 0, soon)
    expect(asker.clock.armedCount).toBe(0)
    expect(await forward()).toEqual({ kind: 'not-sent' })
    expect(asker.clock.armedCount).toBe(0)
    expect(asker.logged).toEqual([])
  })
})

it('bids arrive as they were forwarded', async () => {
  const first = await open()
  const bids = bidsOf(100)
  void forward(1_000, bids)
  await arrived(1)
  const { bidId } = bids.bids[0]!
  expect(JSON.parse(node.frames[0]!)).toEqual([
    [first, auctionId, bids.lockKey, [[bidId, 'p1', 'Ada', 100, 1_760_000_000_000.5]]],
  ])
})
