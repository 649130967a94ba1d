import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createNodePasses } from '../../src/engine/cluster-secret.ts'
import { encodeJson } from '../../src/engine/codec.ts'
import { keys } from '../../src/engine/keyspace.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { OutcomeUnknown } from '../../src/store/errors.ts'
import type { Store } from '../../src/store/store.ts'
import { createTestCluster, type TestCluster, type TestNode } from './test-cluster.ts'

let cluster: TestCluster
let nodes: TestNode[]
beforeEach(async () => {
  cluster = createTestCluster()
  nodes = [await cluster.addNode(), await cluster.addNode()]
})
afterEach(() => cluster.stop())

const passesOf = ({ store }: TestNode, seed: number) =>
  createNodePasses({ store, entropy: seededEntropy(seed) })
const secret = () => nodes[0]!.store.get(keys.secret, { fresh: true })

describe('a pass', () => {
  it('of one node is good at every other, for one incarnation', async () => {
    const [ours, theirs] = nodes.map(({ engine }) => engine.nodes)
    const pass = await ours!.pass('s1')
    expect(pass).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await theirs!.isPass(pass, 's1')).toBe(true)
    expect(await theirs!.isPass(pass, 's2')).toBe(false)
    for (const wrong of ['', 'x', pass.slice(1), `${pass}A`, pass.toLowerCase(), 'é'.repeat(43)]) {
      expect(await theirs!.isPass(wrong, 's1')).toBe(false)
    }
  })

  it('comes of one secret when nodes ask for the first ones at once', async () => {
    const passes = [1, 2, 3, 4].map((seed) => passesOf(nodes[seed % 2]!, seed).pass('s1'))
    expect(new Set(await Promise.all(passes)).size).toBe(1)
  })

  it('is of another secret in another cluster', async () => {
    const other = createTestCluster()
    const theirs = passesOf(await other.addNode(), 9)
    await theirs.pass('s1')
    expect(await theirs.isPass(await passesOf(nodes[0]!, 1).pass('s1'), 's1')).toBe(false)
    await other.stop()
  })

  it('that is asked about makes no secret; nor does a node that nobody asks', async () => {
    expect(await passesOf(nodes[0]!, 1).isPass('x'.repeat(43), 's1')).toBe(false)
    expect(await secret()).toBeUndefined()
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
      const passes = createNodePasses({
        entropy: seededEntropy(5),
        store: { ...bound(store), commit },
      })
      const pass = await passes.pass('s1')
      expect(await passesOf(nodes[1]!, 6).pass('s1')).toBe(pass)
    },
  )

  it('is refused in words that do not tell the secret when that cannot be read', async () => {
    const value = encodeJson({ schema: 1, secret: 'hush' })
    const { store } = nodes[0]!
    await store.commit({ guards: [], writes: [{ kind: 'create', key: keys.secret, value }] })
    const asked = passesOf(nodes[1]!, 1).pass('s1')
    await expect(asked).rejects.toThrow('config/secret cannot be read')
    await expect(asked).rejects.not.toThrow('hush')
  })
})

it('the secret shows nowhere', async () => {
  await nodes[0]!.engine.nodes.pass('s1')
  const kept = JSON.parse(Buffer.from((await secret())!.value).toString()) as { secret: string }
  expect(kept.secret.length).toBeGreaterThanOrEqual(43)
  expect(JSON.stringify(await nodes[0]!.engine.cluster.status())).not.toContain(kept.secret)
})

const bound = (store: Store): Pick<Store, 'get'> & Store => ({
  ...store,
  get: (key, options) => store.get(key, options),
})
