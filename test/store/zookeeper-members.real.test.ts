import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Ensemble, EnsembleMember } from '../../src/ensemble/ensemble.ts'
import { askFourLetters } from '../../src/ensemble/four-letters.ts'
import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { Store } from '../../src/store/store.ts'
import { createZookeeperSurvey } from '../../src/store/zookeeper/survey.ts'
import { openZookeeperStore } from '../../src/store/zookeeper/zookeeper-store.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'
import { connectNaive, quit, told } from '../support/naive-zookeeper.ts'
import { follow } from './conformance/follower.ts'
import { create, freshly, outcomeOf, put, remove, textOf, win } from './conformance/words.ts'
import { expectWholeEnsemble } from './whole-ensemble.ts'

// Servers look for empty directories once a minute; here more often.
process.env['JAVA_TOOL_OPTIONS'] = '-Dznode.container.checkIntervalMs=500'
const backend = await findBackend('zookeeper', { size: 3, hurtsMembers: true })
const sessionTimeoutMs = 6_000

describe.skipIf(backend === undefined)('a store on three ZooKeeper servers', () => {
  let provided: ProvidedStore
  let ensemble: Ensemble
  let opened: Store[] = []
  let serial = 0

  beforeAll(async () => {
    provided = await must(backend, 'backend').start()
    ensemble = must(provided.ensemble, 'ensemble')
  })
  afterEach(async () => {
    await Promise.all(opened.map((store) => store.close()))
    opened = []
    for (const member of ensemble.members) {
      if (member.pid === undefined) await member.restart()
      else member.resume()
    }
    await eventually(async () => (await leaderOf(ensemble)) !== undefined, { withinMs: 30_000 })
  })
  afterAll(() => provided.stop())

  const open = async (servers = provided.servers): Promise<Store> => {
    const store = await openZookeeperStore({
      clock: systemClock,
      entropy: systemEntropy,
      log: silentLog,
      metrics: silentMetrics,
      permanentRoots: ['perm'],
      sessionTimeoutMs,
      servers,
      root: 'members',
    })
    opened.push(store)
    return store
  }
  const memberOf = (store: Store): EnsembleMember => {
    const [server] = store.health().servers
    return must(
      ensemble.members.find(({ host, clientPort }) => `${host}:${clientPort}` === server),
      'member of this store',
    )
  }
  /** A client whose server does not lead: losing that one costs no election. */
  const openOnFollower = async (): Promise<Store> => {
    const [first] = await followersOf(ensemble)
    const others = provided.servers.filter(
      (server) => server !== addressOf(must(first, 'follower')),
    )
    const store = await open([addressOf(must(first, 'follower')), ...others])
    if (await memberOf(store).isLeader()) {
      await store.close()
      return openOnFollower()
    }
    return store
  }
  const fresh = () => `t${++serial}`
  const statesOf = (store: Store): string[] => {
    const states: string[] = []
    store.onSessionChange(({ state }) => states.push(state))
    return states
  }

  test('each server tells of itself, and a dead one nothing', async () => {
    const survey = createZookeeperSurvey(provided.servers, askFourLetters)
    expectWholeEnsemble(await survey(), provided.servers)
    const [follower] = await followersOf(ensemble)
    await must(follower, 'follower').kill()
    const dead = (await survey()).filter(({ state }) => state === 'silent')
    expect(dead.map(({ server }) => server)).toEqual([addressOf(must(follower, 'follower'))])
  })

  test('the death of its server is no more than a pause', async () => {
    const store = await openOnFollower()
    const { session } = store
    const dir = fresh()
    await win(store, [create(`${dir}/me`, 'x', session), create(`${dir}/leaf`, 'before')])
    let seen: string | undefined
    const follower = follow(store, { key: `${dir}/leaf` }, async () => {
      seen = textOf(await store.get(`${dir}/leaf`))
    })
    await eventually(() => seen === 'before')
    const states = statesOf(store)
    await memberOf(store).kill()
    // What was asked on the dying connection itself gets no answer.
    await eventually(async () => textOf(await freshly(store, `${dir}/leaf`)) === 'before')
    expect(await store.get(`${dir}/me`, { fresh: true })).toBeDefined()
    await win(await open(), [put(`${dir}/leaf`, 'after')])
    await eventually(() => seen === 'after')
    await follower.stop()
    expect(store.session).toBe(session)
    expect(states).toEqual([])
  })

  test('a server that is not trusted is left for another, seldom', async () => {
    const store = await open()
    const { session } = store
    const states = statesOf(store)
    const [lacking] = store.health().servers
    store.distrust('a slot is missing')
    await eventually(() => store.health().servers.length > 0, { everyMs: 5 })
    const [next] = store.health().servers
    expect(next).not.toBe(lacking)
    store.distrust('it is missing there too')
    expect(store.health().servers).toEqual([next])
    await win(store, [create(`${fresh()}/a`)])
    expect(store.session).toBe(session)
    expect(states).toEqual([])
  })

  test('a frozen server is left within a third of the session timeout', async () => {
    const store = await openOnFollower()
    const { session } = store
    const states = statesOf(store)
    const frozen = memberOf(store)
    frozen.pause()
    const startMs = performance.now()
    // Another server may take it in within a millisecond: too short for somebody who looks now and then.
    await eventually(() => states.length > 0, { everyMs: 5 })
    expect(performance.now() - startMs).toBeLessThan(sessionTimeoutMs)
    await eventually(() => session.state === 'serving')
    expect(performance.now() - startMs).toBeLessThan(3 * sessionTimeoutMs)
    expect(memberOf(store)).not.toBe(frozen)
    expect(states).toEqual(['suspended', 'serving'])
    await win(store, [create(`${fresh()}/a`)])
  })

  test('a new leader is elected over the old one’s body, and nothing acknowledged is missing', async () => {
    const store = await open()
    const dir = fresh()
    const acknowledged: string[] = []
    const outcomes: Record<string, number> = {}
    let isWriting = true
    const writing = (async () => {
      for (let index = 0; isWriting; index++) {
        const outcome = await outcomeOf(win(store, [create(`${dir}/${index}`)]))
        outcomes[outcome] = (outcomes[outcome] ?? 0) + 1
        if (outcome === 'done') acknowledged.push(`${dir}/${index}`)
        else await eventually(() => store.session.state === 'serving', { withinMs: 30_000 })
      }
    })()
    await eventually(() => acknowledged.length > 50)
    await must(await leaderOf(ensemble), 'leader').kill()
    const before = acknowledged.length
    await eventually(() => acknowledged.length > before + 50, { withinMs: 30_000 })
    isWriting = false
    await writing
    console.log(`commits around the death of the leader: ${JSON.stringify(outcomes)}`)
    const keys = new Set((await store.list(dir)).map(({ key }) => key))
    expect(acknowledged.filter((key) => !keys.has(key))).toEqual([])
  })

  test('a leader that lost its followers is silence, though it goes on answering reads', async () => {
    const leader = must(await leaderOf(ensemble), 'leader')
    const store = await open([addressOf(leader)])
    const naive = await connectNaive(leader.clientPort)
    const states = statesOf(store)
    try {
      await win(store, [create(`${fresh()}/a`)])
      for (const follower of await followersOf(ensemble)) follower.pause()
      const startMs = performance.now()
      let lastReadMs = 0
      const isSuspended = () => {
        // Not awaited: once it gives up leading, the server answers nothing for good.
        void told((back) => naive.exists('/', back)).then((answer) => {
          if (typeof answer !== 'string') lastReadMs = performance.now() - startMs
        })
        return store.session.state === 'suspended'
      }
      await eventually(isSuspended)
      const tookMs = Math.round(performance.now() - startMs)
      console.log(
        `suspended ${tookMs} ms after the leader lost its followers; it answered a read after ${Math.round(lastReadMs)} ms`,
      )
      expect(tookMs).toBeLessThan(sessionTimeoutMs)
      expect(lastReadMs).toBeGreaterThan(sessionTimeoutMs / 12)
      // It would also take the session in again, all alone: no reason to serve.
      await eventually(async () => !(await leader.isLeader()))
      expect(states.filter((state) => state === 'serving')).toEqual([])
    } finally {
      quit(naive)
    }
  })

  test('without a quorum nothing is sent, and with one again it serves', async () => {
    const store = await open()
    const dir = fresh()
    await win(store, [create(`${dir}/before`)])
    const [one, two] = ensemble.members
    await Promise.all([one!.kill(), two!.kill()])
    await eventually(() => store.session.state !== 'serving')
    expect(await outcomeOf(win(store, [create(`${dir}/during`)]))).toBe('Suspended')
    await Promise.all([one!.restart(), two!.restart()])
    await eventually(() => store.session.state === 'serving', { withinMs: 30_000 })
    await win(store, [create(`${dir}/after`)])
    expect(await store.get(`${dir}/during`, { fresh: true })).toBeUndefined()
    expect(await store.get(`${dir}/before`, { fresh: true })).toBeDefined()
  })

  test('a fresh read on a server that slept sees what it missed', async () => {
    const reader = await openOnFollower()
    const server = memberOf(reader)
    const others = provided.servers.filter((each) => each !== addressOf(server))
    const writer = await open(others)
    const key = `perm/${fresh()}`
    await win(writer, [create(key, '0')])
    let staleCount = 0
    for (let step = 1; step <= 30; step++) {
      server.pause()
      // More to catch up with, and the questions are there before it has.
      for (let part = 1; part < 10; part++) await win(writer, [put(key, 'x'.repeat(60_000))])
      await win(writer, [put(key, String(step))])
      const reads = Promise.all([reader.get(key), freshly(reader, key)])
      server.resume()
      const [plain, entry] = await reads
      if (textOf(plain) !== String(step)) staleCount++
      expect(textOf(entry)).toBe(String(step))
    }
    console.log(`plain reads beside fresh ones that were old: ${staleCount} of 30`)
  })

  test('every created key’s revision is that of its commit, whoever else commits', async () => {
    const stores = await Promise.all([open(), open(), open()])
    const dir = fresh()
    await Promise.all(
      stores.map(async (store, writer) => {
        for (let index = 0; index < 60; index++) {
          const key = `${dir}/${writer}-${index}`
          const { revision } = await win(store, [create(key)])
          expect(await store.get(key)).toMatchObject({ createRevision: revision })
        }
      }),
    )
    const leaves = await freshList(must(stores[0], 'store'), dir)
    expect(new Set(leaves.map(({ createRevision }) => createRevision)).size).toBe(180)
  })

  test('a directory whose last leaf went is removed by the servers, and comes again', async () => {
    const store = await open()
    const dir = fresh()
    await win(store, [create(`${dir}/deep/leaf`)])
    const naive = await connectNaive(must(ensemble.members[0], 'member').clientPort)
    try {
      const isThere = (path: string) => told((back) => naive.exists(`/members/${path}`, back))
      expect(await isThere(`${dir}+/deep+`)).not.toBeNull()
      let rings = 0
      const follower = follow(store, { dir: `${dir}/deep` }, () => {
        rings++
      })
      await win(store, [remove(`${dir}/deep/leaf`)])
      await eventually(async () => (await isThere(`${dir}+`)) === null, { withinMs: 20_000 })
      const before = rings
      await win(store, [create(`${dir}/deep/again`)])
      await eventually(() => rings > before)
      await follower.stop()
    } finally {
      quit(naive)
    }
  })
})

const addressOf = ({ host, clientPort }: EnsembleMember) => `${host}:${clientPort}`

async function leaderOf({ members }: Ensemble): Promise<EnsembleMember | undefined> {
  const answers = await Promise.all(members.map((member) => member.isLeader()))
  return members[answers.indexOf(true)]
}

async function followersOf(ensemble: Ensemble): Promise<EnsembleMember[]> {
  const leader = await leaderOf(ensemble)
  return ensemble.members.filter((member) => member !== leader)
}

/** Not older than now: a plain list may be. */
async function freshList(store: Store, dir: string) {
  await store.get(`${dir}/none`, { fresh: true })
  return store.list(dir, { createRevisions: true })
}
