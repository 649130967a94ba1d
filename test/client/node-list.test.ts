import { describe, expect, test } from 'vitest'
import { baseUrl, createNodeList } from '../../src/client/node-list.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'

const [a, b, c] = ['http://a:1', 'http://b:1', 'http://c:1'] as const
const nodes = (seeds: readonly string[], nodesMax = 8) =>
  createNodeList(seeds, { nodesMax, nodeRestMs: 10_000, entropy: seededEntropy(1) })

describe('the nodes a client knows', () => {
  test('the first given comes first', () => {
    expect(nodes([b, a]).pick(0)).toBe(b)
  })

  test('a preferred node is taken while it is well', () => {
    const list = nodes([a, b])
    expect(list.pick(0, { prefer: b })).toBe(b)
    list.failed(b, 0)
    expect(list.pick(5_000, { prefer: b })).toBe(a)
    expect(list.pick(10_000, { prefer: b })).toBe(b)
  })

  test('an avoided node is taken only when it is the only one', () => {
    expect(nodes([a]).pick(0, { avoid: a })).toBe(a)
    const list = nodes([a, b])
    for (let turn = 0; turn < 20; turn++) expect(list.pick(0, { avoid: a })).toBe(b)
  })

  test('a node that somebody beside us is on is left to them while another is well', () => {
    const list = nodes([a])
    list.learn([
      { nodeId: 'n2', url: b },
      { nodeId: 'n3', url: c },
    ])
    list.keepApart('n2')
    for (let turn = 0; turn < 20; turn++) expect(list.pick(0, { avoid: a })).toBe(c)
    list.failed(c, 0)
    expect(list.pick(1, { avoid: a })).toBe(b)
    list.keepApart(undefined)
    const picked = Array.from({ length: 20 }, () => list.pick(10_001, { avoid: a }))
    expect(new Set(picked)).toEqual(new Set([b, c]))
  })

  test('when all failed lately, the one that failed longest ago is tried', () => {
    const list = nodes([a, b, c])
    list.failed(b, 1)
    list.failed(c, 2)
    list.failed(a, 3)
    expect(list.pick(4)).toBe(b)
  })

  test('the given nodes stay, the learnt ones follow the cluster', () => {
    const list = nodes([a])
    list.learn([
      { nodeId: 'n1', url: 'http://a:1/' },
      { nodeId: 'n2', url: b },
    ])
    expect(list.urls).toEqual([a, b])
    list.learn([{ nodeId: 'n3', url: c }])
    expect(list.urls).toEqual([a, c])
  })

  test('a node rests under all its addresses', () => {
    const list = nodes(['http://localhost:1', c])
    list.learn([{ nodeId: 'n1', url: a }])
    list.answered('http://localhost:1', 'n1')
    list.failed('http://localhost:1', 0)
    for (let turn = 0; turn < 20; turn++) expect(list.pick(1)).toBe(c)
  })

  test('no more are kept than the limit allows, and nothing that is no address', () => {
    const list = nodes([a], 2)
    list.learn([
      { nodeId: 'n0', url: 'javascript:alert(1)' },
      { nodeId: 'n2', url: b },
      { nodeId: 'n3', url: c },
    ])
    expect(list.urls).toEqual([a, b])
  })

  test('needs at least one address that is one', () => {
    expect(() => nodes([])).toThrow(/at least one/)
    expect(() => nodes(['localhost:8080'])).toThrow(/http/)
    expect(baseUrl('https://example.org/auctions/')).toBe('https://example.org/auctions')
  })
})
