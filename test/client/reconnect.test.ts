import { describe, expect, test } from 'vitest'
import { createNodeList } from '../../src/client/node-list.ts'
import { createReconnect } from '../../src/client/reconnect.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'

const urls = ['http://a:1', 'http://b:1', 'http://c:1']
const closed = (code: number) => ({ why: 'closed', code }) as const

function reconnect() {
  const entropy = seededEntropy(7)
  const nodes = createNodeList(urls, { nodesMax: 8, nodeRestMs: 10_000, entropy })
  const limits = { reconnectMinMs: 100, reconnectMaxMs: 10_000 }
  return { nodes, ...createReconnect({ nodes, entropy, limits }) }
}

describe('after the end of a socket', () => {
  test.each([1001, 1012, 1006])('with code %i another node is next, at once', (code) => {
    const next = reconnect()
    expect(next.nextUrl(0)).toBe(urls[0])
    const { advice, waitMs } = next.ended(urls[0]!, closed(code), 60_000)
    expect(advice).toBe('elsewhere')
    expect(waitMs).toBeLessThanOrEqual(100)
    for (let turn = 0; turn < 20; turn++) expect(next.nextUrl(60_000)).not.toBe(urls[0])
    expect(next.nodes.pick(60_000, { prefer: urls[0] })).not.toBe(urls[0])
  })

  test('of a slow consumer the same node is next: it is well', () => {
    const next = reconnect()
    expect(next.ended(urls[1]!, closed(4008), 60_000).advice).toBe('again')
    expect(next.nextUrl(60_100)).toBe(urls[1])
  })

  test.each([1013, 4029, 1008])('with code %i at least a second passes', (code) => {
    const { advice, waitMs } = reconnect().ended(urls[0]!, closed(code), 60_000)
    expect(advice).toBe('back-off')
    expect(waitMs).toBeGreaterThanOrEqual(1_000)
  })

  test('with 4001 signing in comes first', () => {
    expect(reconnect().ended(urls[0]!, closed(4001), 10).advice).toBe('sign-in')
  })

  test('a silent node is left like a dead one', () => {
    expect(reconnect().ended(urls[0]!, { why: 'silent' }, 60_000).advice).toBe('elsewhere')
  })

  test('waits double up to the bound, and begin anew only after a socket that lasted', () => {
    const next = reconnect()
    const fail = (livedMs: number) => {
      expect(next.greeted(0)).toBe(true)
      return next.ended(urls[0]!, closed(1006), livedMs).waitMs
    }
    const waits = Array.from({ length: 12 }, () => fail(50))
    expect(Math.max(...waits)).toBeGreaterThan(2_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(10_000)
    expect(fail(5_000)).toBeLessThanOrEqual(100)
  })
})
