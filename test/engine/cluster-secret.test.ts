import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNodePasses } from '../../src/engine/node-passes.ts'
import { encodeJson } from '../../src/engine/codec.ts'
import { keys } from '../../src/engine/keyspace.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { OutcomeUnknown } from '../../src/store/errors.ts'
import type { Store } from '../../src/store/store.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createTestCluster, type TestCluster, type TestNode } from './test-cluster.ts'

let cluster: TestCluster
let nodes: TestNode[]
beforeEach(async () => {
  cluster = createTestCluster()
  nodes = [await cluster.addNode(), await cluster.addNode()]
})
afterEach(() => cluster.stop())

const clock = createManualClock()
const time = { now: (): number | undefined => clock.wallMs() }
const passesOf = ({ store }: { store: Store }, seed: number, when = time) =>
  createNodePasses({ store, entropy: seededEntropy(seed), clock, time: when })
const secret = () => nodes[0]!.store.get(keys.secret, { fresh: true })
const ends = { to: 's1', from: 's0' }
const kept = async () =>
  JSON.parse(Buffer.from((await secret())!.value).toString()) as {
    current: { number: number; secret: string }
    previous?: { number: number; secret: string; until: number }
  }

describe('a pass', () => {
  it('of one node is good at every other, for one incarnation of each end', async () => {
    const [ours, theirs] = nodes.map(({ engine }) => engine.nodes)
    const pass = await ours!.pass(ends)
    for (const other of [
      { to: 's2', from: 's0' },
      { to: 's1', from: 's2' },
    ])
      expect(await theirs!.admits(pass, other)).toBeUndefined()
    const [number, at, nonce, mac] = pass.split('.')
    const forged = [
      ...['', 'x', pass.slice(1), `${pass}A`, pass.toLowerCase(), 'é'.repeat(43)],
      [number, Number(at) + 1, nonce, mac].join('.'),
      [number, at, 'A'.repeat(22), mac].join('.'),
    ]
    for (const wrong of forged) expect(await theirs!.admits(wrong, ends)).toBeUndefined()
    expect(await theirs!.admits(pass, ends)).toBe(1)
  })

  it('is good once: a copy of it lets nobody in', async () => {
    const [ours, theirs] = [passesOf(nodes[0]!, 1), passesOf(nodes[1]!, 2)]
    const pass = await ours.pass(ends)
    expect(await theirs.admits(pass, ends)).toBe(1)
    expect(await theirs.admits(pass, ends)).toBeUndefined()
    await clock.advance(29_000)
    expect(await theirs.admits(pass, ends)).toBeUndefined()
    expect(await theirs.admits(await ours.pass(ends), ends)).toBe(1)
  })

  it.each([
    [30_000, 1],
    [30_001, undefined],
    [-30_000, 1],
    [-30_001, undefined],
  ])('shown %d ms after the instant in it', async (lateMs, number) => {
    const ours = passesOf(nodes[0]!, 1, { now: () => clock.wallMs() - lateMs })
    expect(await passesOf(nodes[1]!, 2).admits(await ours.pass(ends), ends)).toBe(number)
  })

  it('is neither made nor judged without cluster time', async () => {
    const unsettled = passesOf(nodes[0]!, 1, { now: () => undefined })
    await expect(unsettled.pass(ends)).rejects.toMatchObject({ code: 'unsettled' })
    const pass = await passesOf(nodes[1]!, 2).pass(ends)
    await expect(unsettled.admits(pass, ends)).rejects.toMatchObject({ code: 'unsettled' })
  })

  it('beyond 4,096 in a minute is put off, so that what is remembered stays bounded', async () => {
    const [ours, theirs] = [passesOf(nodes[0]!, 1), passesOf(nodes[1]!, 2)]
    for (let n = 0; n < 4_096; n++) await theirs.admits(await ours.pass(ends), ends)
    const next = await ours.pass(ends)
    await expect(theirs.admits(next, ends)).rejects.toMatchObject({ code: 'overloaded' })
    await clock.advance(60_001)
    expect(await theirs.admits(await ours.pass(ends), ends)).toBe(1)
  })

  it('comes of one secret when nodes ask for the first ones at once', async () => {
    const made = await Promise.all(
      [1, 2, 3, 4].map((seed) => passesOf(nodes[seed % 2]!, seed).pass(ends)),
    )
    const judge = passesOf(nodes[0]!, 9)
    for (const pass of made) expect(await judge.admits(pass, ends)).toBe(1)
  })

  it('is of another secret in another cluster', async () => {
    const other = createTestCluster()
    const theirs = passesOf(await other.addNode(), 9)
    await theirs.pass(ends)
    const pass = await passesOf(nodes[0]!, 1).pass(ends)
    expect(await theirs.admits(pass, ends)).toBeUndefined()
    await other.stop()
  })

  it('that is asked about makes no secret, and costs no more than a read a second', async () => {
    let reads = 0
    const { store } = nodes[0]!
    const get: Store['get'] = (...asked) => {
      reads++
      return store.get(...asked)
    }
    const passes = passesOf({ store: { ...store, get } }, 1)
    const strange = () => `7.${clock.wallMs()}.${'A'.repeat(22)}.${'B'.repeat(43)}`
    for (let n = 0; n < 50; n++) expect(await passes.admits(strange(), ends)).toBeUndefined()
    expect(await secret()).toBeUndefined()
    expect(reads).toBe(1)
    await clock.advance(1_000)
    await passes.admits(strange(), ends)
    expect(reads).toBe(2)
    await passesOf(nodes[1]!, 2).pass(ends)
    await clock.advance(1_000)
    await passes.admits(strange(), ends)
    const known = reads
    // Now that a secret is known, only the number right after it may be news.
    await clock.advance(5_000)
    for (let n = 0; n < 50; n++) await passes.admits(strange(), ends)
    expect(reads).toBe(known)
  })

  it.each(['landed', 'did not land'])(
    'is right when nobody knows of the commit, which %s',
    async (how) => {
      const { store } = nodes[0]!
      let calls = 0
      const commit: Store['commit'] = async (asked) => {
        if (++calls > 1) return store.commit(asked)
        if (how === 'landed') await store.commit(asked)
        throw new OutcomeUnknown()
      }
      const passes = passesOf({ store: { ...bound(store), commit } }, 5)
      expect(await passesOf(nodes[1]!, 6).admits(await passes.pass(ends), ends)).toBe(1)
    },
  )

  it('is refused in words that do not tell the secret when that cannot be read', async () => {
    const value = encodeJson({ schema: 1, secret: 'hush' })
    const { store } = nodes[0]!
    await store.commit({ guards: [], writes: [{ kind: 'create', key: keys.secret, value }] })
    const asked = passesOf(nodes[1]!, 1).pass(ends)
    await expect(asked).rejects.toThrow('config/secret cannot be read')
    await expect(asked).rejects.not.toThrow('hush')
  })
})

describe('a change of the secret', () => {
  it('is seen by every node without a restart; the one before is good for a minute', async () => {
    const [ours, theirs] = [passesOf(nodes[0]!, 1), passesOf(nodes[1]!, 2)]
    const old = () => passesOf({ store: frozen }, 3)
    await theirs.admits(await ours.pass(ends), ends)
    const before = await secret()
    const frozen: Store = { ...nodes[0]!.store, get: async () => before }
    const oldPasses = old()
    await oldPasses.pass(ends)
    expect(await ours.rotate()).toEqual({ number: 2, previousUntil: clock.wallMs() + 60_000 })
    await clock.advance(1_000)
    expect(await theirs.admits(await ours.pass(ends), ends)).toBe(2)
    expect(await theirs.admits(await oldPasses.pass(ends), ends)).toBe(1)
    expect(await theirs.accepts(1)).toBe(true)
    await clock.advance(60_000)
    expect(await theirs.admits(await oldPasses.pass(ends), ends)).toBeUndefined()
    expect(await theirs.accepts(1)).toBe(false)
    expect(await theirs.accepts(2)).toBe(true)
  })

  it('ends the old one within a minute also at a node that nobody told', async () => {
    const [ours, theirs] = [passesOf(nodes[0]!, 1), passesOf(nodes[1]!, 2)]
    await theirs.admits(await ours.pass(ends), ends)
    const before = await secret()
    const thief = passesOf({ store: { ...nodes[0]!.store, get: async () => before } }, 3)
    await ours.rotate()
    await clock.advance(60_001)
    expect(await theirs.admits(await thief.pass(ends), ends)).toBeUndefined()
  })

  it('twice ends the first at once; two at once are one after the other', async () => {
    const [ours, theirs] = [passesOf(nodes[0]!, 1), passesOf(nodes[1]!, 2)]
    const first = await ours.pass(ends)
    await Promise.all([ours.rotate(), theirs.rotate()])
    expect((await kept()).current.number).toBe(3)
    expect((await kept()).previous?.number).toBe(2)
    expect(await passesOf(nodes[1]!, 4).admits(first, ends)).toBeUndefined()
  })

  it('goes on from the secret of an older version, and makes one where there is none', async () => {
    const value = encodeJson({ schema: 1, secret: 'x'.repeat(43) })
    const { store } = nodes[0]!
    expect(await passesOf(nodes[1]!, 1).rotate()).toEqual({ number: 1, previousUntil: null })
    await store.commit({ guards: [], writes: [{ kind: 'put', key: keys.secret, value }] })
    expect(await passesOf(nodes[1]!, 1).rotate()).toMatchObject({ number: 2 })
    expect((await kept()).previous).toMatchObject({ number: 1, secret: 'x'.repeat(43) })
  })
})

it('the secret shows nowhere', async () => {
  await nodes[0]!.engine.nodes.pass(ends)
  const { current } = await kept()
  expect(current.secret.length).toBeGreaterThanOrEqual(43)
  expect(JSON.stringify(await nodes[0]!.engine.cluster.status())).not.toContain(current.secret)
  expect(JSON.stringify(await nodes[0]!.engine.nodes.rotate())).not.toContain(current.secret)
})

const bound = (store: Store): Pick<Store, 'get'> & Store => ({
  ...store,
  get: (key, options) => store.get(key, options),
})
