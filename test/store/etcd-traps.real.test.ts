import { Etcd3, type IOptions } from 'etcd3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { OutcomeUnknown } from '../../src/store/errors.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'
import { addressOf, askEtcd, type EtcdClient, openEtcdClient } from '../support/etcd-backend.ts'
import { eventually } from '../support/eventually.ts'
import { type Proxy, startProxy } from '../support/proxy.ts'
import { create, present, put, refusedBy, textOf, unchanged, win } from './conformance/words.ts'

/** Each trap of etcd3 1.1.2 twice: the library as it comes falls in, on a real server; our adapter does not. */

const soon = { duration: 100, next: () => soon }
const sessionTimeoutMs = 3_000

const backend = await findBackend('etcd', { size: 1 })
let provided: ProvidedStore
let server: string
let ours: EtcdClient
let naiveProxy: Proxy
let naives: Etcd3[] = []
let round = 0
let root: string

beforeAll(async () => {
  if (backend === undefined) return
  provided = await backend.start()
  server = must(provided.servers[0], 'server')
})
afterAll(() => backend && provided.stop())

beforeEach(async () => {
  root = `traps${++round}-${systemEntropy.token(6)}`
  ours = await openEtcdClient([server], { sessionTimeoutMs, root })
  naiveProxy = await startProxy(addressOf(server))
})
afterEach(async () => {
  for (const naive of naives) naive.close()
  naives = []
  await ours.close()
  await naiveProxy.close()
})

function openNaive(options: Partial<IOptions> = {}): Etcd3 {
  const naive = new Etcd3({ hosts: `127.0.0.1:${naiveProxy.port}`, ...options })
  naives.push(naive)
  return naive
}

/** How often a key was written since it was created, as the server says. */
async function writeCount(rawKey: string): Promise<number> {
  const answer = await askEtcd(server, 'kv/range', { key: base64(rawKey) })
  const [found] = (answer['kvs'] ?? []) as { version: string }[]
  return Number(found?.version ?? 0)
}

const base64 = (text: string) => Buffer.from(text).toString('base64')

describe.skipIf(backend === undefined)('a call into silence', () => {
  it('of the library waits for ever; ours says that it does not know', async () => {
    const naive = openNaive()
    await naive.put('warm').value('up')
    await win(ours.store, [create('warm')])
    naiveProxy.silence('both')
    ours.proxy.silence('both')
    let isSettled = false
    const settle = () => (isSettled = true)
    naive.put('a').value('1').then(settle, settle)
    await expect(win(ours.store, [create('a')])).rejects.toThrow(OutcomeUnknown)
    await eventually(() => ours.store.session.state === 'lost', { withinMs: 2 * sessionTimeoutMs })
    expect(isSettled).toBe(false)
    naiveProxy.heal()
  })
})

describe.skipIf(backend === undefined)('a write whose answer is lost', () => {
  it('is written twice by the library; by us once, and unknown', async () => {
    const naive = openNaive()
    await naive.put('warm').value('up')
    const naiveReset = naiveProxy.dropNextReply({ match: (chunk) => chunk.includes('doubled') })
    await naive.put('doubled').value('once?')
    await naiveReset
    expect(await writeCount('doubled')).toBe(2)

    await win(ours.store, [create('doubled')])
    const reset = ours.proxy.dropNextReply({ match: (chunk) => chunk.includes(`:doubled`) })
    await expect(win(ours.store, [put('doubled', 'once')])).rejects.toThrow(OutcomeUnknown)
    await reset
    expect(textOf(await ours.store.get('doubled', { fresh: true }))).toBe('once')
    expect(await writeCount(`${root}/:doubled`)).toBe(2)
  })
})

describe.skipIf(backend === undefined)('a lease that runs out behind a silent link', () => {
  it('is reported by the library after its keys are gone; by us before', async () => {
    const naiveLease = openNaive().lease(sessionTimeoutMs / 1000)
    let isNaiveTold = false
    naiveLease.on('lost', () => (isNaiveTold = true))
    await naiveLease.put('lock/naive').value('')
    await win(ours.store, [create('lock', '', ours.store.session)])
    const { session } = ours.store
    naiveProxy.silence('both')
    ours.proxy.silence('both')
    await eventually(() => session.lost.aborted, { withinMs: 2 * sessionTimeoutMs, everyMs: 5 })
    expect(await writeCount(`${root}/:lock`)).toBe(1)
    await eventually(async () => (await writeCount('lock/naive')) === 0)
    expect(isNaiveTold).toBe(false)
    await eventually(async () => (await writeCount(`${root}/:lock`)) === 0)
    naiveProxy.heal()
  })
})

describe.skipIf(backend === undefined)('a watch across a break', () => {
  const patient: Partial<IOptions> = { faultHandling: { watchBackoff: soon } }

  it('whose revision was compacted falls silent in the library; ours sees what changed', async () => {
    const naive = openNaive(patient)
    const naiveSaw: string[] = []
    const naiveErrors: string[] = []
    const watcher = naive.watch().key('watched').watcher()
    watcher.on('put', (entry) => naiveSaw.push(entry.value.toString()))
    watcher.on('error', (error) => naiveErrors.push(error.message))
    await new Promise((resolve) => watcher.once('connected', resolve))
    await win(ours.store, [create('watched', '0')])
    const seen = await follow(ours, 'watched')
    naiveProxy.cut()
    ours.proxy.cut()
    const outside = await openEtcdClient([server], { root })
    for (const value of ['1', '2', '3']) {
      await win(outside.store, [put('watched', value)])
      await askEtcd(server, 'kv/put', { key: base64('watched'), value: base64(value) })
    }
    await compact()
    naiveProxy.heal()
    ours.proxy.heal()
    // Sooner than the look at every watch that would make up for one that was not armed again.
    await eventually(() => seen.at(-1) === '3', { withinMs: 5_000 })
    await eventually(() => naiveErrors.length > 0, { withinMs: 30_000 })
    await win(outside.store, [put('watched', '4')])
    await askEtcd(server, 'kv/put', { key: base64('watched'), value: base64('4') })
    await eventually(() => seen.at(-1) === '4', { withinMs: 5_000 })
    expect(naiveSaw).toEqual([])
    expect(naiveErrors).toEqual(['Watcher canceled: '])
    await outside.close()
  })

  it('of more than 4 MB is skipped without a word in the library; ours looks again', async () => {
    const naive = openNaive(patient)
    const naiveSaw: string[] = []
    const naiveErrors: string[] = []
    let connectedCount = 0
    const watcher = naive.watch().prefix(`${root}/lots:`).watcher()
    watcher.on('put', (entry) => naiveSaw.push(entry.key.toString()))
    watcher.on('error', (error) => naiveErrors.push(error.message))
    watcher.on('connected', () => connectedCount++)
    await eventually(() => connectedCount === 1)
    naiveProxy.cut()
    ours.proxy.cut()
    const outside = await openEtcdClient([server], { root })
    const value = 'x'.repeat(60_000)
    for (let lot = 0; lot < 90; lot++) await win(outside.store, [create(`lots/${lot}`, value)])
    const caller = new AbortController()
    let listedCount = 0
    void (async () => {
      for await (const _ of ours.store.watch({ dir: 'lots' }, { signal: caller.signal })) {
        const countLeaves = ours.store.list('lots').then((leaves) => leaves.length)
        listedCount = await countLeaves.catch(() => 0)
      }
    })()
    naiveProxy.heal()
    ours.proxy.heal()
    await eventually(() => listedCount === 90)
    // Once to be sent what it cannot receive, once more from after that.
    await eventually(() => connectedCount >= 3, { withinMs: 30_000 })
    await win(outside.store, [create('lots/last')])
    await eventually(() => listedCount === 91)
    await eventually(() => naiveSaw.length > 0)
    expect(naiveSaw).toEqual([`${root}/lots:last`])
    expect(naiveErrors).toEqual([])
    caller.abort()
    await outside.close()
  })
})

describe.skipIf(backend === undefined)('a refused transaction', () => {
  it('names no guard in the library; ours names each', async () => {
    const naive = openNaive()
    await naive.put('taken').value('')
    const answer = await naive
      .if('taken', 'Create', '==', 0)
      .and('missing', 'Create', '>', 0)
      .then(naive.put('x').value(''))
      .commit()
    expect(answer).toMatchObject({ succeeded: false, responses: [] })

    await win(ours.store, [create('perm/head', '1')])
    const failed = await refusedBy(
      ours.store,
      [create('perm/head')],
      [present('missing'), unchanged({ key: 'perm/head', version: '1' })],
    )
    expect(failed).toEqual(['absent perm/head', 'present missing', 'unchanged perm/head'])
  })
})

describe.skipIf(backend === undefined)('a put on an ephemeral', () => {
  it('cuts it loose in the library; ours leaves it to its session', async () => {
    const naive = openNaive()
    const lease = naive.lease(60)
    await lease.put('mine').value('a')
    await naive.put('mine').value('b')
    await lease.revoke()
    expect(await writeCount('mine')).toBe(2)

    const other = await openEtcdClient([server], { root })
    await win(other.store, [create('mine', 'a', other.store.session)])
    await win(ours.store, [put('mine', 'b')])
    expect(textOf(await other.store.get('mine'))).toBe('b')
    await other.close()
    expect(await ours.store.get('mine', { fresh: true })).toBeUndefined()
  })
})

/** Every value that our watch led us to; resolves once the watch is armed. */
async function follow(client: EtcdClient, key: string): Promise<string[]> {
  const values: string[] = []
  void (async () => {
    const { signal } = new AbortController()
    for await (const _ of client.store.watch({ key }, { signal })) {
      const value = await client.store.get(key).then(textOf, () => undefined)
      if (value !== undefined) values.push(value)
    }
  })()
  await eventually(() => values.length > 0)
  return values
}

/** Forgets all history before now. */
async function compact(): Promise<void> {
  const { header } = await askEtcd(server, 'kv/range', { key: base64('any') })
  const { revision } = header as { revision: string }
  await askEtcd(server, 'kv/compaction', { revision, physical: true })
}
