import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ForwardedAnswers } from '../../../src/engine/forwarding.ts'
import { encodeForward, decodeForwards } from '../../../src/gateway/nodes/forwards-frame.ts'
import { NotUnderstood } from '../../../src/gateway/nodes/frame-parts.ts'
import { Suspended } from '../../../src/store/errors.ts'
import { createDeferred } from '../../../src/lib/deferred.ts'
import { eventually } from '../../support/eventually.ts'
import {
  auctionId,
  goodHeaders,
  type Holder,
  openRawLink,
  passOf,
  type RawLink,
  startHolder,
} from './link-room.ts'

let holder: Holder
beforeEach(async () => {
  holder = await startHolder()
})
afterEach(() => holder.stop())

const soon = { everyMs: 1 }
const open = (from?: string) => openRawLink(holder.port, goodHeaders(holder, from))
const key = `locks/${auctionId}/s1~u1`
const bid = (bidId: string) => [bidId, 'p1', 'Ada', 100, 5]
const forward = (number: number, ...bidIds: string[]) => [
  ...[number, auctionId, `locks/${auctionId}/s1~u1`],
  bidIds.map(bid),
]
const send = (link: RawLink, ...forwards: unknown[]) => link.send(JSON.stringify(forwards))
const closing = (link: RawLink) => eventually(() => link.closed, soon)
/** `[number, [kind of each answer]]` of all that came. */
const answers = (link: RawLink) =>
  (link.frames as [number, ([string, ...unknown[]] | null)[]][][]).flatMap((frame) =>
    frame.map(([number, rows]) => [number, rows.map((row) => row?.[0] ?? null)]),
  )

describe('whoever asks to come in is refused', () => {
  it.each<[string, Record<string, string | undefined>, string]>([
    ['without a pass', { authorization: undefined }, '401 wrong-pass'],
    ['with a wrong pass', { authorization: `Bearer ${passOf('s2')}` }, '401 wrong-pass'],
    ['with half a pass', { authorization: `Bearer ${passOf('s1').slice(1)}` }, '401 wrong-pass'],
    ['with a password', { authorization: `Basic ${passOf('s1')}` }, '401 wrong-pass'],
    ['without its own session', { 'x-lotkeeper-from': undefined }, '401 wrong-pass'],
    ['as a page', { origin: 'http://127.0.0.1' }, '403 origin-not-allowed'],
    ['as a sandboxed page', { origin: 'null' }, '403 origin-not-allowed'],
    ['without saying whom it means', { 'x-lotkeeper-to': undefined }, '409 other-incarnation'],
    [
      'with a good pass of another incarnation',
      { authorization: `Bearer ${passOf('s0')}`, 'x-lotkeeper-to': 's0' },
      '409 other-incarnation',
    ],
  ])('%s', async (_, over, refusal) => {
    const all = Object.entries<string | undefined>({ ...goodHeaders(holder), ...over })
    const headers = Object.fromEntries(
      all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
    )
    await expect(openRawLink(holder.port, headers)).rejects.toThrow(refusal)
    expect(JSON.stringify(holder.logged)).not.toContain('pass')
    const event = { '401': 'pass-refused', '403': 'origin-refused' }[refusal.slice(0, 3)]
    const facts = { address: '127.0.0.9', detail: '/nodes' }
    expect(holder.noted).toEqual(event === undefined ? [] : [[event, facts]])
  })

  it('who meant this node before it began anew, and is told to look again', async () => {
    const headers = goodHeaders(holder)
    holder.sessionId = 's2'
    await expect(openRawLink(holder.port, headers)).rejects.toThrow('Look at the members again')
    expect((await open()).closed).toBeUndefined()
  })

  it.each([[[]], [['lotkeeper.v1']], [['lotkeeper.node.v2']]])(
    'who speaks another protocol: %j',
    async (protocols) => {
      const asked = openRawLink(holder.port, goodHeaders(holder), protocols)
      await expect(asked).rejects.toThrow('400 bad-request: Ask for the subprotocol')
    },
  )

  it('while the store cannot say whose pass it is, and while the node leaves', async () => {
    holder.isPass = () => Promise.reject(new Suspended())
    await expect(open()).rejects.toThrow('503 store-unavailable')
    holder.isDraining = true
    await expect(open()).rejects.toThrow('503 draining')
  })

  it('beyond 64 links, until one goes; a node that comes again takes the place that it had', async () => {
    const links = await Promise.all(Array.from({ length: 64 }, (_, n) => open(`n${n}`)))
    await expect(open('n64')).rejects.toThrow('503 overloaded')
    await open('n7')
    expect(await closing(links[7]!)).toMatchObject({ code: 1006 })
    links[9]!.terminate()
    await eventually(() => open('n64').catch(() => false), soon)
  })
})

describe('forwards', () => {
  it('of one frame are taken in order, and answered in one frame, by their numbers', async () => {
    const link = await open()
    send(link, forward(1, 'a'), forward(2, 'b', 'c'), forward(7, 'd'))
    await eventually(() => answers(link).length === 3, soon)
    expect(answers(link)).toEqual([
      [1, ['a']],
      [2, ['a', 'a']],
      [7, ['a']],
    ])
    expect(link.frames).toHaveLength(1)
    expect(holder.taken.map(({ bids }) => bids.map(({ bidId }) => bidId).join())).toEqual([
      'a',
      'b,c',
      'd',
    ])
    expect(holder.taken[0]).toEqual({
      ...{ auctionId, lockKey: `locks/${auctionId}/s1~u1` },
      bids: [{ bidId: 'a', bidder: { id: 'p1', name: 'Ada' }, amountMinor: 100, at: 5 }],
    })
    expect((link.frames[0] as unknown[])[0]).toEqual([
      1,
      [['a', 7, 100, 1_760_000_000_001, 101, 2e12, [0.25, 0, 3.5, 4]]],
    ])
  })

  it('of which the engine fails at are unknown, never said to be untaken', async () => {
    const link = await open()
    holder.deciding = () => Promise.reject(new Error('broken'))
    send(link, forward(1, 'a', 'b'))
    await eventually(() => answers(link).length === 1, soon)
    holder.deciding = async () => []
    send(link, forward(2, 'c'))
    await eventually(() => answers(link).length === 2, soon)
    holder.deciding = () => {
      throw new Error('broken')
    }
    send(link, forward(3, 'd'))
    await eventually(() => answers(link).length === 3, soon)
    expect(answers(link)).toEqual([
      [1, ['u', 'u']],
      [2, ['u']],
      [3, ['u']],
    ])
    expect(holder.logged).toHaveLength(3)
  })

  it('are not taken while the node leaves', async () => {
    const link = await open()
    holder.isDraining = true
    send(link, forward(1, 'a', 'b'))
    await eventually(() => answers(link).length === 1, soon)
    expect(answers(link)).toEqual([[1, [null, null]]])
    expect(holder.taken).toEqual([])
  })

  it('are not taken while 2,000 of one link are unanswered; another link goes on', async () => {
    const decided = createDeferred<ForwardedAnswers>()
    holder.deciding = () => decided.promise
    const [link, other] = [await open('n1'), await open('n2')]
    send(link, ...Array.from({ length: 2_001 }, (_, n) => forward(n + 1, 'a')))
    await eventually(() => answers(link).length === 1, soon)
    expect(answers(link)).toEqual([[2_001, [null]]])
    send(other, forward(1, 'b'))
    await eventually(() => holder.taken.length === 2_001, soon)
    decided.resolve([null])
    await eventually(() => answers(link).length === 2_001 && answers(other).length === 1, soon)
    send(link, forward(2_002, 'c'))
    await eventually(() => holder.taken.length === 2_002, soon)
  })
})

describe('a link is closed', () => {
  it.each([
    ['nonsense'],
    [''],
    ['null'],
    ['{}'],
    ['[]'],
    ['[1]'],
    ['[[]]'],
    [JSON.stringify([forward(1)])],
    [JSON.stringify([forward(-1, 'a')])],
    [JSON.stringify([[...forward(1, 'a'), 1]])],
    [JSON.stringify([forward(1, 'a'), forward(1, 'b')])],
    [JSON.stringify([forward(2, 'a'), forward(1, 'b')])],
    [JSON.stringify([forward(1, '')])],
    [JSON.stringify([forward(1, 'a'.repeat(65))])],
    [JSON.stringify([[1, '../head', 'k', [bid('a')]]])],
    [JSON.stringify([[1, auctionId, '', [bid('a')]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'Ada', 1.5, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'Ada', -1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'Ada', 1e15 + 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'Ada', 1, null]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', null, 1, 5]]]])],
    [JSON.stringify([[1, auctionId, 'head/0/x', [bid('a')]]])],
    [JSON.stringify([[1, auctionId, `${key}/../x`, [bid('a')]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', '\u001b[31mBob', 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'Ada\nBob', 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', ' Ada', 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'A\u202eda', 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'A'.repeat(41), 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1\u001b', 'Ada', 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a b', 'p1', 'Ada', 1, 5]]]])],
    [JSON.stringify([[1, auctionId, key, [['a', 'p1', 'Ada', 1, 8.7e15]]]])],
    [JSON.stringify([[1, auctionId, key, new Array(2_001).fill(bid('a'))]])],
  ])('with 1008 and a reason in the log, and nothing is taken of: %.60s', async (text) => {
    const link = await open()
    link.send(text)
    expect(await closing(link)).toMatchObject({ code: 1008 })
    expect(holder.taken).toEqual([])
    expect(holder.logged).toMatchObject([
      { fields: { from: 'raw', why: expect.any(String) as string } },
    ])
  })

  it('with 1008 for what is no text, with 1009 above 1 MiB; as large as that is fine', async () => {
    const link = await open()
    link.send(Buffer.from(JSON.stringify([forward(1, 'a')])))
    expect(await closing(link)).toMatchObject({ code: 1008 })
    const large = await open()
    const frame = JSON.stringify([forward(1, 'a')])
    large.send(frame.padEnd(1024 * 1024))
    await eventually(() => answers(large).length === 1, soon)
    large.send(frame.padEnd(1024 * 1024 + 1))
    expect(await closing(large)).toMatchObject({ code: 1009 })
  })

  it('when nothing came by it for 90 s, and not before', async () => {
    const link = await open()
    await holder.clock.advance(60_000)
    send(link, forward(1, 'a'))
    await eventually(() => answers(link).length === 1, soon)
    await holder.clock.advance(89_999)
    send(link, forward(2, 'a'))
    await eventually(() => answers(link).length === 2, soon)
    await holder.clock.advance(90_000)
    expect(await closing(link)).toMatchObject({ code: 1006 })
    expect(holder.clock.armedCount).toBe(0)
  })

  it('with 1012 after a change of the secret that it came in by, to come in again', async () => {
    const link = await open()
    holder.accepts = async () => false
    await holder.clock.advance(29_999)
    send(link, forward(1, 'a'))
    await eventually(() => answers(link).length === 1, soon)
    expect(link.closed).toBeUndefined()
    await holder.clock.advance(1)
    send(link, forward(2, 'a'))
    expect(await closing(link)).toMatchObject({ code: 1012 })
  })

  it('when the node leaves, once its bids are answered', async () => {
    const decided = createDeferred<ForwardedAnswers>()
    holder.deciding = () => decided.promise
    const [busy, idle] = [await open('n1'), await open('n2')]
    send(busy, forward(1, 'a'))
    await eventually(() => holder.taken.length === 1, soon)
    holder.drain()
    expect(await closing(idle)).toMatchObject({ code: 1012 })
    send(busy, forward(2, 'b'))
    await eventually(() => answers(busy).length === 1, soon)
    decided.resolve([null])
    expect(await closing(busy)).toMatchObject({ code: 1012 })
    expect(answers(busy)).toEqual([
      [2, [null]],
      [1, [null]],
    ])
    await eventually(() => holder.clock.armedCount === 0, soon)
  })
})

const piece = fc.oneof(
  fc.constantFrom<unknown>(1, 0, -1, 9e15, null, '', 'a', auctionId, [], {}, [[]]),
  fc.jsonValue(),
)
/** Nearly right, which is what goes wrong. */
const shaped = fc
  .tuple(fc.array(piece, { maxLength: 6 }), piece, fc.nat(3), fc.boolean())
  .map(([row, noise, at, isFirst]) => {
    const spoilt: unknown[] = forward(1, 'a')
    spoilt[at] = noise
    return JSON.stringify([spoilt, [2, auctionId, key, [row]]].slice(isFirst ? 0 : 1))
  })
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.json(), shaped)

describe('whatever is sent', () => {
  it('is understood to the letter, or not at all', () => {
    const read = (text: string) => {
      try {
        return decodeForwards(text, 0)
      } catch (error) {
        expect(error).toBeInstanceOf(NotUnderstood)
        return undefined
      }
    }
    fc.assert(
      fc.property(texts, (text) => {
        const forwards = read(text)?.map(({ number, bids }) => encodeForward(number, bids))
        if (forwards !== undefined)
          expect(JSON.parse(text)).toEqual(JSON.parse(`[${forwards.join()}]`))
      }),
      { numRuns: 2_000 },
    )
  })

  it('the node lives on, and takes nothing that it does not understand', async () => {
    const frames = fc.oneof(
      texts,
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    )
    await fc.assert(
      fc.asyncProperty(frames, async (frame) => {
        holder.taken.length = 0
        const link = await open()
        link.send(frame)
        send(link, forward(1e9, 'last'))
        await eventually(
          () => link.closed ?? answers(link).some(([number]) => number === 1e9),
          soon,
        )
        if (link.closed !== undefined) expect([link.closed.code, holder.taken]).toEqual([1008, []])
        link.terminate()
      }),
      { numRuns: 30 },
    )
    const link = await open()
    send(link, forward(1, 'a'))
    await eventually(() => answers(link).length === 1, soon)
  })
})
