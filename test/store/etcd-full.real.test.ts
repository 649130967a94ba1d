import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Ensemble } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { must } from '../../src/lib/assert.ts'
import { findBackend } from '../support/backends.ts'
import { askEtcd, type EtcdClient, openEtcdClient } from '../support/etcd-backend.ts'
import { eventually } from '../support/eventually.ts'
import { create, outcomeOf, remove, win } from './conformance/words.ts'

// Sizes at which etcd refuses some dozens after it has carried them out.
const quotaBytes = 3 * 1024 * 1024
const writerCount = 64
const value = 'x'.repeat(2_000)
const fillings = 2
const deletedAtOnce = 32
const backend = await findBackend('etcd', { size: 1, hurtsMembers: true })

describe.skipIf(backend === undefined)('an etcd that is full', () => {
  let ensemble: Ensemble
  let server: string
  let client: EtcdClient

  beforeAll(async () => {
    ensemble = await startEtcdEnsemble({ size: 1, quotaBytes })
    server = `127.0.0.1:${must(ensemble.members[0], 'member').clientPort}`
    client = await openEtcdClient([server])
  })
  afterAll(async () => {
    await client.close()
    await ensemble.stop()
  })

  /** Writes until each of the writers was refused. */
  async function fill(filling: number): Promise<Map<string, string>> {
    const outcomes = new Map<string, string>()
    const write = async (writer: number) => {
      for (let serial = 0; ; serial++) {
        const key = `bids/${filling}-${writer}-${serial}`
        const outcome = await outcomeOf(win(client.store, [create(key, value)]))
        outcomes.set(key, outcome)
        if (outcome !== 'done') return
      }
    }
    await Promise.all(Array.from({ length: writerCount }, (_, writer) => write(writer)))
    return outcomes
  }

  async function empty(): Promise<void> {
    const keys = (await client.store.list('bids')).map(({ key }) => key)
    for (let at = 0; at < keys.length; at += deletedAtOnce)
      await win(client.store, keys.slice(at, at + deletedAtOnce).map(remove))
    await makeRoom(server)
    await eventually(async () => (await outcomeOf(win(client.store, [create('after')]))) === 'done')
    await win(client.store, [remove('after')])
  }

  it('holds all that it acknowledged and nothing that it refused, goes on answering, and comes back', async () => {
    const { store } = client
    const { session } = store
    for (let filling = 1; filling <= fillings; filling++) {
      const outcomes = await fill(filling)
      const landed = new Set((await store.list('bids')).map(({ key }) => key))
      const told = (outcome: string) =>
        [...outcomes.keys()].filter((key) => outcomes.get(key) === outcome)
      const [done, refused] = [told('done'), told('Suspended')]
      console.log(`full after ${done.length} commits, ${refused.length} refused`)
      expect(done.filter((key) => !landed.has(key))).toEqual([])
      expect(refused.filter((key) => landed.has(key))).toEqual([])
      expect(refused.length).toBe(writerCount)
      expect(store.health().isFull).toBe(true)
      expect(done.length + refused.length).toBe(outcomes.size)
      await empty()
      await eventually(() => store.health().isFull === false)
    }
    // A full store still proves that it lives.
    expect(session.state).toBe('serving')
    expect(store.session).toBe(session)
  })
})

/** As the operator would: history away, the file made smaller, the alarm off. */
async function makeRoom(at: string): Promise<void> {
  const { header } = await askEtcd(at, 'kv/range', { key: 'AA==' })
  const { revision } = header as { revision: string }
  await askEtcd(at, 'kv/compaction', { revision, physical: true })
  await askEtcd(at, 'maintenance/defragment', {})
  const { alarms } = await askEtcd(at, 'maintenance/alarm', { action: 'GET' })
  for (const { memberID } of alarms as { memberID: string }[])
    await askEtcd(at, 'maintenance/alarm', { action: 'DEACTIVATE', memberID, alarm: 'NOSPACE' })
}
