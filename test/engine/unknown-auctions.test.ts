import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { newUlid } from '../../src/lib/ulid.ts'
import { createTestCluster, newAuction, type TestCluster } from './test-cluster.ts'

let cluster: TestCluster
beforeEach(() => (cluster = createTestCluster()))
afterEach(() => cluster.stop())

it('an id that cannot be new costs no fresh read, one that may be new does', async () => {
  const node = await cluster.addNode()
  const { catalogue, time } = node.engine
  const idFrom = (ms: number) => newUlid(ms, seededEntropy(1))
  const get = vi.spyOn(node.store, 'get')
  const freshReads = () => get.mock.calls.filter(([, options]) => options?.fresh === true).length
  const now = time.now() ?? 0
  const calls = [(id: string) => catalogue.get(id), (id: string) => catalogue.currencyOf(id)]
  for (const call of calls) {
    get.mockClear()
    expect(await call(idFrom(now - 121_000))).toBeUndefined()
    expect(freshReads()).toBe(0)
    expect(await call(idFrom(now - 1_000))).toBeUndefined()
    expect(freshReads()).toBe(1)
  }
})

it('an auction is found at once on another node', async () => {
  const [n1, n2] = [await cluster.addNode(), await cluster.addNode()]
  const created = await n1.engine.catalogue.create(newAuction())
  if (!created.ok) throw new Error(created.code)
  expect(await n2.engine.catalogue.get(created.record.id)).toMatchObject({ id: created.record.id })
})
