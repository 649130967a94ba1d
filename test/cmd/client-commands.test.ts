import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { startStubNode, type StubAnswer, type StubNode } from '../client/stub-node.ts'
import { acceptance, auctionAt, eventsAfter, lotId, snapshotAt } from '../client/wire-samples.ts'
import { eventually } from '../support/eventually.ts'
import { run, start } from './run.ts'

let node: StubNode
let at: string[]
beforeEach(async () => {
  node = await startStubNode('n1')
  at = ['--node', node.url]
})
afterEach(() => node.kill())

const problem = (status: number, code: string, more: object = {}): StubAnswer => ({
  status,
  body: { status, code, title: code, detail: `because of ${code}`, ...more },
})

describe('login', () => {
  const user = { id: 'p-ann', name: 'Ann' }
  beforeEach(() => {
    node.onRequest = () => ({ status: 201, body: { token: 'a-token', user } })
  })

  test('prints the token and nothing else on stdout, and how to keep it on stderr', async () => {
    const { exitCode, out, err } = await run('login', 'Ann', ...at)
    expect([exitCode, out]).toEqual([0, 'a-token'])
    expect(err).toContain('export LOTKEEPER_TOKEN=a-token')
    expect(node.requests[0]?.body).toEqual({ name: 'Ann' })
  })

  test('prints all of it as JSON', async () => {
    const { out } = await run('login', 'Ann', ...at, '--json')
    expect(JSON.parse(out)).toEqual({ token: 'a-token', user })
  })
})

describe('bid', () => {
  test('says where an accepted bid stands, and exits 0', async () => {
    node.onRequest = ({ body }) => ({ status: 201, body: acceptance(String(body['bidId'])) })
    const { exitCode, out } = await run('bid', lotId, '120.00', ...at, '--bid-id', 'my-bid-01')
    expect(exitCode).toBe(0)
    expect(out).toBe('accepted 120.00 at seq 7 (bid my-bid-01)')
  })

  test.each([
    ['bid-too-low', 409, 4],
    ['closed', 409, 4],
    ['seller-may-not-bid', 409, 4],
    ['own-bid', 409, 4],
    ['rate-limited', 429, 4],
    ['bid-id-reused', 422, 4],
    ['no-such-auction', 404, 3],
    ['sign-in-first', 401, 6],
    ['bad-amount', 400, 2],
  ])('that is refused as %s exits with the code for it', async (code, status, exitCode) => {
    node.onRequest = () => problem(status, code, { minimumNextBid: '130.00' })
    const result = await run('bid', lotId, '120', ...at)
    expect(result.exitCode).toBe(exitCode)
    expect(result.err).toContain(`rejected ${code}`)
    expect(result.err).toContain('130.00')
    expect(result.out).toBe('')
  })

  test('prints a refusal as JSON on stdout', async () => {
    node.onRequest = () => problem(409, 'bid-too-low', { final: true, minimumNextBid: '130.00' })
    const { exitCode, out } = await run('bid', lotId, '120', ...at, '--json')
    expect(exitCode).toBe(4)
    expect(JSON.parse(out)).toMatchObject({ outcome: 'rejected', final: true, copyCount: 1 })
  })

  test('settles an outcome that is unknown by sending the same bid again', async () => {
    const answers = [problem(504, 'outcome-unknown'), problem(409, 'own-bid')]
    node.onRequest = ({ body }) =>
      answers.shift() ?? { status: 201, body: acceptance(String(body['bidId'])) }
    const { exitCode, out } = await run('bid', lotId, '120', ...at, '--json')
    expect(exitCode).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ outcome: 'accepted', copyCount: 3 })
    expect(new Set(node.requests.map(({ body }) => body['bidId'])).size).toBe(1)
  })

  test('that is interrupted before it is settled says how to settle it, and exits 130', async () => {
    node.onRequest = () => 'never'
    const bid = start('bid', lotId, '120', ...at, '--bid-id', 'my-bid-01')
    await eventually(() => node.requests.length === 1)
    bid.interrupt()
    expect(await bid.exitCode).toBe(130)
    expect(bid.err.join('\n')).toContain(`lotkeeper bid ${lotId} 120 --bid-id my-bid-01 --settle`)
  })

  test('of an earlier unknown outcome is not content with a refusal of this copy', async () => {
    const answers = [problem(409, 'own-bid')]
    node.onRequest = ({ body }) =>
      answers.shift() ?? { status: 201, body: acceptance(String(body['bidId'])) }
    const { out } = await run('bid', lotId, '120', ...at, '--bid-id', 'my-bid-01', '--settle')
    expect(out).toContain('accepted')
  })
})

describe('auction', () => {
  test('create sends what was asked, and prints the auction', async () => {
    node.onRequest = () => ({ status: 201, body: auctionAt(2) })
    const flags = ['--title', 'A brass sextant', '--duration-ms', '60000', '--currency', 'EUR']
    const more = [
      '--soft-close',
      '30s/1m/add/10',
      '--increment',
      '0:5,100:10',
      '--idempotency-key',
      'key-00001',
    ]
    const { exitCode, out } = await run('auction', 'create', ...flags, ...more, ...at)
    expect(exitCode).toBe(0)
    expect(out).toContain(lotId)
    expect(node.requests[0]).toMatchObject({
      method: 'POST',
      path: '/auctions',
      headers: { 'idempotency-key': 'key-00001' },
      body: {
        title: 'A brass sextant',
        durationMs: 60_000,
        currency: 'EUR',
        softClose: { windowMs: 30_000, extensionMs: 60_000, mode: 'add', maxExtensions: 10 },
        increment: [
          { from: '0', step: '5' },
          { from: '100', step: '10' },
        ],
      },
    })
  })

  test('create without a soft close says so', async () => {
    node.onRequest = () => ({ status: 201, body: auctionAt(2) })
    await run(
      'auction',
      'create',
      '--title',
      'x',
      '--duration-ms',
      '60000',
      '--soft-close',
      'none',
      ...at,
    )
    expect(node.requests[0]?.body).toEqual({ title: 'x', durationMs: 60_000, softClose: null })
  })

  test('create without a session exits 6 and says how to get one', async () => {
    node.onRequest = () => problem(401, 'sign-in-first')
    const { exitCode, err } = await run(
      'auction',
      'create',
      '--title',
      'x',
      '--duration-ms',
      '60000',
      ...at,
    )
    expect(exitCode).toBe(6)
    expect(err).toContain('lotkeeper login')
  })

  test('list prints a line for each, and says when there is more', async () => {
    node.onRequest = () => ({ body: { items: [auctionAt(2)], nextCursor: 'c2' } })
    const { out, err } = await run('auction', 'list', '--phase', 'open', ...at)
    expect(out.split('\n')).toHaveLength(2)
    expect(out).toMatch(/A brass sextant +open +in 10 m +0$/)
    expect(err).toContain('--cursor c2')
    expect(node.requests[0]?.path).toBe('/auctions?phase=open')
  })

  test('show tells what is known, and exits 3 for what is not there', async () => {
    const standingBid = { amount: '120.00', bidder: { id: 'p', name: 'Ann' }, at: '', seq: 5 }
    node.onRequest = () => ({ body: auctionAt(5, { standingBid, bidCount: 3 }) })
    const { out } = await run('auction', 'show', lotId, '--fresh', ...at)
    expect(out).toMatch(/standing bid +120.00 USD by Ann/)
    expect(node.requests[0]?.path).toBe(`/auctions/${lotId}?fresh=true`)
    node.onRequest = () => problem(404, 'no-such-auction')
    expect((await run('auction', 'show', lotId, ...at)).exitCode).toBe(3)
  })

  test('cancel with bids exits 4', async () => {
    node.onRequest = () => problem(409, 'has-bids')
    expect((await run('auction', 'cancel', lotId, ...at)).exitCode).toBe(4)
  })
})

describe('watch', () => {
  beforeEach(() => {
    node.onRequest = () => ({ body: auctionAt(2) })
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe')
        say(frame.after === undefined ? snapshotAt(2) : eventsAfter(frame.after.seq, 2))
    }
  })
  const closed = () =>
    eventsAfter(2, 3, {
      events: [
        {
          type: 'AuctionClosed',
          seq: 3,
          at: '2026-01-01T12:10:00.250Z',
          result: { outcome: 'passed' },
        },
      ],
      auction: auctionAt(3, { phase: 'closed', result: { outcome: 'passed' } }),
    })

  test('prints one line an event until the auction is over', async () => {
    const watch = start('watch', lotId, ...at)
    await eventually(() => watch.out.length === 2)
    node.say(closed())
    expect(await watch.exitCode).toBe(0)
    expect(watch.out).toEqual([
      '    1 12:00:00.000 1.00 USD Ann',
      '    2 12:00:00.000 2.00 USD Ann',
      '    3 12:10:00.250 passed: no sale',
    ])
    expect(watch.err).toContain('A brass sextant')
  })

  test('prints one JSON object a line', async () => {
    const watch = start('watch', lotId, ...at, '--json', '--last', '1')
    await eventually(() => watch.out.length === 1)
    node.say(closed())
    expect(await watch.exitCode).toBe(0)
    expect(watch.out.map((line) => JSON.parse(line) as object)).toMatchObject([
      { auctionId: lotId, epoch: 'e1', seq: 2, type: 'BidAccepted', amount: '2.00' },
      { auctionId: lotId, epoch: 'e1', seq: 3, type: 'AuctionClosed' },
    ])
  })

  test('says in a line of its own when history is not the one it came from', async () => {
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe') say(snapshotAt(2))
    }
    const watch = start('watch', lotId, ...at, '--json', '--after', 'e0:40')
    await eventually(() => watch.out.length === 3)
    watch.interrupt()
    await watch.exitCode
    expect(JSON.parse(watch.out[0] ?? '')).toMatchObject({
      type: 'Jumped',
      reason: 'other-history',
      prevSeq: 40,
    })
  })

  test('that is interrupted exits 130', async () => {
    const watch = start('watch', lotId, ...at)
    await eventually(() => watch.out.length === 2)
    watch.interrupt()
    expect(await watch.exitCode).toBe(130)
  })

  test('of what is not there exits 3', async () => {
    node.onRequest = () => problem(404, 'no-such-auction')
    expect((await run('watch', lotId, ...at)).exitCode).toBe(3)
  })
})

test('where no node answers, every command exits 5 and says what to do', async () => {
  await node.kill()
  const commands = [
    ['auction', 'list'],
    ['login', 'Ann'],
    ['cluster', 'status'],
    ['watch', lotId],
  ]
  for (const command of [...commands, ['bid', lotId, '120']]) {
    const { exitCode, err, out } = await run(...command, ...at)
    expect([command, exitCode, out]).toEqual([command, 5, ''])
    expect(err).toContain('lotkeeper serve')
  }
})

test('cluster status shows nodes, leader, store and locks', async () => {
  const member = {
    nodeId: 'n1',
    url: node.url,
    pid: 4711,
    version: '0.1.0',
    ready: true,
    clockOffsetMs: 1.25,
  }
  node.onRequest = () => ({
    body: {
      node: 'n1',
      leader: { nodeId: 'n1', term: 4 },
      members: [member],
      store: {
        kind: 'etcd',
        state: 'serving',
        servers: ['e1:2379'],
        watchCount: 3,
        ephemeralCount: 2,
      },
      locks: [{ auctionId: lotId, nodeId: 'n1', waiters: ['n2'] }],
    },
  })
  const { exitCode, out } = await run('cluster', 'status', ...at)
  expect(exitCode).toBe(0)
  for (const part of [
    'n1 (leader)',
    '4711',
    'leader n1, term 4',
    'etcd, serving',
    'e1:2379',
    lotId,
    'n2',
  ])
    expect(out).toContain(part)
})

describe('what others wrote', () => {
  const evil = 'Bob\u001b[31m\nFORGED\u009b2J\u202e'
  const shownAs = 'Bob\\u{1b}[31m\\u{a}FORGED\\u{9b}2J\\u{202e}'
  const lot = auctionAt(2, { title: evil, seller: { id: 'p1', name: evil } })

  test('is shown as codes where it would command the terminal', async () => {
    node.onRequest = (request) => ({
      body: request.path.includes(lotId) ? lot : { items: [lot], nextCursor: null },
    })
    for (const args of [
      ['auction', 'show', lotId],
      ['auction', 'list'],
    ]) {
      const { out } = await run(...args, ...at)
      expect(out).toContain(shownAs)
      expect(out).not.toMatch(/^FORGED/m)
    }
  })

  test('is shown as codes by watch', async () => {
    node.onRequest = () => ({ body: lot })
    node.onFrame = (frame, say) => {
      if (frame.type === 'subscribe')
        say(frame.after === undefined ? snapshotAt(2) : eventsAfter(frame.after.seq, 2))
    }
    const watch = start('watch', lotId, ...at)
    await eventually(() => watch.out.length === 2)
    const bidder = { id: 'p2', name: evil }
    const [event] = eventsAfter(2, 3).events
    node.say(eventsAfter(2, 3, { events: [{ ...event!, bidder } as typeof event & object] }))
    await eventually(() => watch.out.some((line) => line.includes(shownAs)))
    watch.interrupt()
    await watch.exitCode
  })

  test('is shown as codes in an error', async () => {
    node.onRequest = () => ({ status: 409, body: { code: 'closed', detail: evil } })
    expect((await run('auction', 'show', lotId, ...at)).err).toContain(shownAs)
  })
})
