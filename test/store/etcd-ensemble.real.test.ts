import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import type { EnsembleMember } from '../../src/ensemble/ensemble.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { createEtcdSurvey } from '../../src/store/etcd/survey.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'
import { type EtcdClient, openEtcdClient } from '../support/etcd-backend.ts'
import { eventually } from '../support/eventually.ts'
import { follow } from './conformance/follower.ts'
import { listenTo } from './conformance/session.suite.ts'
import { create, outcomeOf, put, textOf, win } from './conformance/words.ts'
import { expectWholeEnsemble } from './whole-ensemble.ts'

const sessionTimeoutMs = 6_000
const backend = await findBackend('etcd', { size: 3, hurtsMembers: true })

describe.skipIf(backend === undefined)('on three servers', () => {
  let provided: ProvidedStore
  let members: readonly EnsembleMember[]
  let client: EtcdClient
  let root: string

  beforeAll(async () => {
    provided = await must(backend, 'backend').start()
    members = must(provided.ensemble, 'ensemble').members
  })
  afterAll(() => provided.stop())

  beforeEach(async () => {
    root = `three-${systemEntropy.token(6)}`
    client = await openClient()
  })
  afterEach(async () => {
    await client.close()
    for (const member of members) {
      member.resume()
      if (member.pid === undefined) await member.restart()
    }
  })

  const openClient = () => openEtcdClient(provided.servers, { sessionTimeoutMs, root })

  /** Which of the servers the client is linked to. */
  function serverInUse(): number | undefined {
    const [server] = client.store.health().servers
    if (server === undefined) return undefined
    return client.proxies.findIndex(({ port }) => server === `127.0.0.1:${port}`)
  }
  const memberInUse = () => must(members[must(serverInUse(), 'server')], 'member')

  it('each server tells of itself, a frozen one nothing, and the list names who was not asked', async () => {
    const survey = createEtcdSurvey(provided.servers, systemClock)
    expectWholeEnsemble(await survey(), provided.servers)
    const one = await createEtcdSurvey(provided.servers.slice(0, 1), systemClock)()
    expect(one.map(({ state }) => state)).toEqual(['serving', 'unknown', 'unknown'])
    expect(one.map(({ server }) => server).sort()).toEqual([...provided.servers].sort())
    members[0]?.pause()
    expect((await survey())[0]).toMatchObject({ state: 'silent', role: null })
    await Promise.all([members[1]?.kill(), members[2]?.kill()])
    members[0]?.resume()
    await eventually(async () => (await survey())[0]?.state === 'not-serving')
  })

  it('a frozen server is left for the next one, and the session goes on', async () => {
    const { store } = client
    const { session } = store
    await win(store, [create('locks/mine', '', session)])
    const told = listenTo(store)
    const frozen = memberInUse()
    frozen.pause()
    const startMs = performance.now()
    let serial = 0
    await eventually(
      async () => {
        if (memberInUse() === frozen) return false
        return (await outcomeOf(win(store, [create(`after/${serial++}`)]))) === 'done'
      },
      { withinMs: sessionTimeoutMs },
    )
    console.log(`left a frozen server after ${(performance.now() - startMs).toFixed(0)} ms`)
    expect(store.session).toBe(session)
    expect(told.filter((line) => line.endsWith('lost'))).toEqual([])
    expect(await store.get('locks/mine', { fresh: true })).toBeDefined()
  })

  it('of all that a killed server was asked, nothing lands that was called not sent', async () => {
    const { store } = client
    const outcomes = new Map<string, string>()
    let isOver = false
    const bidders = Array.from({ length: 16 }, async (_, bidder) => {
      for (let bid = 0; !isOver; bid++) {
        const key = `bids/${bidder}-${bid}`
        outcomes.set(key, await outcomeOf(win(store, [create(key)])))
      }
    })
    const count = (outcome: string) =>
      [...outcomes.values()].filter((one) => one === outcome).length
    await eventually(() => count('done') > 200)
    const killed = memberInUse()
    await killed.kill()
    const doneCount = count('done')
    await eventually(() => count('done') > doneCount + 200, { withinMs: 20_000 })
    isOver = true
    await Promise.all(bidders)
    const landed = new Set((await store.list('bids')).map(({ key }) => key))
    for (const [key, outcome] of outcomes) {
      if (outcome === 'done') expect(landed.has(key), `${key} was acknowledged`).toBe(true)
      if (outcome === 'Suspended') expect(landed.has(key), `${key} was not sent`).toBe(false)
    }
    expect(count('OutcomeUnknown')).toBeGreaterThan(0)
    expect(count('done') + count('OutcomeUnknown') + count('Suspended')).toBe(outcomes.size)
    console.log(`${outcomes.size} commits across a kill: ${count('OutcomeUnknown')} unknown`)
  })

  it('without a quorum the store is suspended, then lost, though its server answers', async () => {
    const { store } = client
    const { session } = store
    const others = members.filter((member) => member !== memberInUse())
    const startMs = performance.now()
    await Promise.all(others.map((member) => member.kill()))
    await eventually(() => session.state === 'suspended', {
      withinMs: sessionTimeoutMs,
      everyMs: 5,
    })
    // The kill took a while, and so does a look; the rule itself is tested with a clock.
    expect(performance.now() - startMs).toBeLessThan(sessionTimeoutMs)
    expect(await outcomeOf(store.get('perm/head'))).toBe('Suspended')
    await eventually(() => session.lost.aborted, { withinMs: 3 * sessionTimeoutMs })
    expect(performance.now() - startMs).toBeLessThan(3 * sessionTimeoutMs)
    await Promise.all(others.map((member) => member.restart()))
    await eventually(() => store.session.state === 'serving')
    expect(store.session).not.toBe(session)
    await win(store, [create('locks/mine', '', store.session)])
  })

  it('a plain read never goes back behind what was seen over another link', async () => {
    const { store } = client
    await win(store, [create('perm/head', '0')])
    const used = new Set<number | undefined>()
    for (let round = 1; round <= 12; round++) {
      await win(store, [put('perm/head', String(round))])
      const before = serverInUse()
      used.add(before)
      client.proxies[must(before, 'server')]!.cut()
      await eventually(() => serverInUse() !== undefined && serverInUse() !== before)
      expect(textOf(await store.get('perm/head'))).toBe(String(round))
      for (const proxy of client.proxies) proxy.heal()
    }
    expect(used.size).toBe(3)
  })

  it('a watch goes on over the next server', async () => {
    const { store } = client
    await win(store, [create('perm/head', '0')])
    let seen: string | undefined
    const follower = follow(store, { key: 'perm/head' }, async () => {
      seen = textOf(await store.get('perm/head'))
    })
    await eventually(() => seen === '0')
    const other = await openClient()
    await memberInUse().kill()
    await eventually(
      async () => (await outcomeOf(win(other.store, [put('perm/head', '1')]))) === 'done',
    )
    await eventually(() => seen === '1')
    await win(other.store, [put('perm/head', '2')])
    await eventually(() => seen === '2')
    await follower.stop()
    await other.close()
  })
})
