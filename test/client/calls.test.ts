import { describe, expect, test } from 'vitest'
import { Refused, Unreachable } from '../../src/client/errors.ts'
import { eventually } from '../support/eventually.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { clientOf, stubCluster } from './stub-cluster.ts'
import type { StubNode } from './stub-node.ts'
import { auctionAt, lotId } from './wire-samples.ts'

const keysOf = (...nodes: StubNode[]) =>
  nodes.flatMap((node) => node.requests.map(({ headers }) => headers['idempotency-key']))

describe('a call', () => {
  test('that a node does not answer is made to another, with the same key', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    first.onRequest = () => undefined
    second.onRequest = () => ({ status: 201, body: auctionAt(2) })
    const client = clientOf([first.url, second.url], { token: 'a-token' })
    const auction = await client.auctions.create({ title: 'A brass sextant', durationMs: 60_000 })
    expect(auction.id).toBe(lotId)
    const keys = keysOf(first, second)
    expect(keys).toHaveLength(2)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[A-Za-z0-9_-]{8,64}$/)
  })

  test('that takes a node more than 5 s is made to another', async () => {
    const clock = createManualClock()
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    first.onRequest = () => 'never'
    second.onRequest = () => ({ body: auctionAt(2) })
    const call = clientOf([first.url, second.url], { clock }).auctions.get(lotId)
    await eventually(() => first.requests.length === 1)
    await clock.advance(4_900)
    expect(second.requests).toEqual([])
    await clock.advance(500)
    expect((await call).seq).toBe(2)
  })

  test('that no node answers says which were tried', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    await first.kill()
    await second.kill()
    const failed = clientOf([first.url, second.url])
      .auctions.list()
      .catch((error: unknown) => error)
    const error = await failed
    expect(error).toBeInstanceOf(Unreachable)
    expect((error as Unreachable).urls.toSorted()).toEqual([first.url, second.url].toSorted())
  })

  test('that is refused is not made again, and tells the code', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    first.onRequest = () => ({
      status: 404,
      body: { code: 'no-such-auction', detail: 'Check the id.' },
    })
    const failed = clientOf([first.url, second.url]).auctions.get(lotId)
    await expect(failed).rejects.toThrow(Refused)
    await expect(failed).rejects.toMatchObject({
      code: 'no-such-auction',
      status: 404,
      message: 'Check the id.',
    })
    expect(second.requests).toEqual([])
  })

  test('to a node that is leaving is made to another', async () => {
    const [first, second] = (await stubCluster(2)) as [StubNode, StubNode]
    first.onRequest = () => ({ status: 503, body: { code: 'draining', retryAfterMs: 0 } })
    second.onRequest = () => ({ body: { items: [], nextCursor: null } })
    const client = clientOf([first.url, second.url])
    expect(await client.auctions.list({ phase: 'open', limit: 3 })).toEqual({
      items: [],
      nextCursor: null,
    })
    expect(second.requests[0]?.path).toBe('/auctions?phase=open&limit=3')
  })
})

describe('a session', () => {
  test('that was created is in force from then on, until it is ended', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    const user = { id: 'p-ann', name: 'Ann' }
    node.onRequest = ({ method }) =>
      method === 'POST' ? { status: 201, body: { token: 'new-token', user } } : { body: { user } }
    const client = clientOf([node.url])
    expect((await client.session.create('Ann')).user).toEqual(user)
    expect(await client.session.get()).toEqual(user)
    await client.session.end()
    await client.session.get()
    expect(node.requests.map(({ headers }) => headers.authorization)).toEqual([
      undefined,
      'Bearer new-token',
      'Bearer new-token',
      undefined,
    ])
    expect(client.session.token).toBeUndefined()
  })

  test('that no node knows is nobody', async () => {
    const [node] = (await stubCluster(1)) as [StubNode]
    node.onRequest = () => ({ status: 401, body: { code: 'sign-in-first' } })
    expect(await clientOf([node.url]).session.get()).toBeUndefined()
  })
})

test('whether a bid is in the journal is told, and whether that is final', async () => {
  const [node] = (await stubCluster(1)) as [StubNode]
  const client = clientOf([node.url])
  node.onRequest = () => ({ status: 404, body: { code: 'not-in-journal', final: true } })
  expect(await client.auctions.bidOutcome(lotId, 'my-bid-01')).toEqual({
    outcome: 'none',
    final: true,
  })
})
