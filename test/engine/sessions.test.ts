import { afterEach, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import type { Guests } from '../../src/engine/engine.ts'
import { encodeJson } from '../../src/engine/codec.ts'
import { keys } from '../../src/engine/keyspace.ts'
import { hashToken, isOver } from '../../src/engine/sessions/session-record.ts'
import { createGuests } from '../../src/engine/sessions/guests.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Store } from '../../src/store/store.ts'
import { createTestCluster, type TestCluster, type TestNode } from './test-cluster.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs
let cluster: TestCluster
afterEach(() => cluster.stop())

/** As a page would ask while the clock stands: the answer needs turns of the event loop, which `advance` gives. */
async function soon<T>(answer: Promise<T>, ms = 500): Promise<T> {
  const [told] = await Promise.all([answer, cluster.clock.advance(ms)])
  return told
}

async function nodesOf(...stores: ((store: Store) => Store)[]): Promise<TestNode[]> {
  cluster = createTestCluster()
  await cluster.addNode()
  await cluster.addNode()
  for (const _ of stores) await cluster.addNode()
  return cluster.nodes
}
const guestsOf = (node: TestNode | undefined): Guests => must(node, 'node').engine.guests

async function signedIn(guests: Guests, name = 'Ada') {
  const { token, person } = await soon(guests.create(name))
  return { token, person, session: must(await soon(guests.identify(token)), 'session') }
}

describe('a session that ended', () => {
  it('is not believed again by a read that began before', async () => {
    const [n1] = await nodesOf()
    const { store } = must(n1, 'n1')
    const guests = guestsOf(n1)
    const { token, session } = await signedIn(guests)
    const late = soon(guests.lookAgain(token), 0)
    await Promise.all([late, soon(guests.end(session), 0)])
    expect(guests.standing(session)).toBe('ended')
    expect(await soon(guests.identify(token))).toBeUndefined()
    expect(await soon(store.get(keys.session(session.root), { fresh: true }))).toBeUndefined()
  })

  it('is refused on other nodes within 2 s, which tell their listeners', async () => {
    const [n1, n2] = await nodesOf()
    const { token, session } = await signedIn(guestsOf(n1))
    const seen = must(await soon(guestsOf(n2).identify(token)), 'session')
    const told: unknown[] = []
    guestsOf(n2).onEnded((ended) => told.push(ended))
    await soon(guestsOf(n1).end(session))
    await cluster.clock.advance(1_500)
    expect(guestsOf(n2).standing(seen)).toBe('ended')
    expect(told).toContainEqual(new Set([session.id]))
    expect(await soon(guestsOf(n2).identify(token))).toBeUndefined()
  })

  it('takes its further tokens with it, whichever of them is used to end it', async () => {
    const [n1, n2] = await nodesOf()
    const { token, session } = await signedIn(guestsOf(n1))
    const page = await soon(guestsOf(n1).pageToken(session, token))
    const same = await soon(guestsOf(n2).pageToken(session, token))
    expect(same.token).toBe(page.token)
    const { ticket } = await soon(guestsOf(n1).issueTicket(session))
    const there = must(await soon(guestsOf(n2).redeem(ticket)), 'session')
    const ofPage = must(await soon(guestsOf(n2).identify(page.token)), 'session')
    expect(ofPage.person).toEqual(session.person)
    await soon(guestsOf(n2).end(ofPage))
    await cluster.clock.advance(2_000)
    for (const guests of [guestsOf(n1), guestsOf(n2)])
      for (const each of [token, page.token, there.token])
        expect(await soon(guests.identify(each))).toBeUndefined()
  })

  it('may be one of so many that a node which missed them forgets all', async () => {
    const [n1, n2] = await nodesOf()
    const { token, session } = await signedIn(guestsOf(n2))
    await cluster.clock.advance(1_500)
    cluster.world.silence(must(n2, 'n2').store.session)
    const many = await Promise.all(
      Array.from({ length: 300 }, (_, n) => soon(guestsOf(n1).create(`G${n}`), 0)),
    )
    const sessions = await Promise.all(
      many.map((made) => soon(guestsOf(n1).identify(made.token), 0)),
    )
    await soon(Promise.all(sessions.map((each) => guestsOf(n1).end(must(each, 'session')))), 5_000)
    expect(guestsOf(n2).standing(session)).toBe('stands')
    const told: unknown[] = []
    guestsOf(n2).onEnded((ended) => told.push(ended))
    cluster.world.heal(must(n2, 'n2').store.session)
    await cluster.clock.advance(3_000)
    expect(told).toContain('unknown')
    expect(guestsOf(n2).standing(session)).toBe('doubtful')
    expect((await soon(guestsOf(n2).identify(token)))?.person.name).toBe('Ada')
  })
})

describe('a ring that never comes', () => {
  it('is made up for by a read each second', async () => {
    const [n1, n2] = await nodesOf()
    const { token, session } = await signedIn(guestsOf(n1))
    const { store, engine } = must(n2, 'n2')
    const never = (): AsyncIterable<void> => store.watch({ key: 'never' }, { signal: over.signal })
    const over = new AbortController()
    const deaf = Object.assign(Object.create(store) as Store, { watch: never })
    const base = { clock: cluster.clock, entropy: seededEntropy(9), log: silentLog }
    const guests = createGuests({ ...base, store: deaf, time: engine.time })
    const running = guests.run(over.signal)
    expect((await soon(guests.identify(token)))?.person).toEqual(session.person)
    await soon(guestsOf(n1).end(session), 0)
    await cluster.clock.advance(2_000)
    expect(await soon(guests.identify(token))).toBeUndefined()
    over.abort()
    await running
  })
})

describe('a ticket', () => {
  it('is good once, on whatever node, for 30 s, while its session is', async () => {
    const [n1, n2] = await nodesOf()
    const { session, person } = await signedIn(guestsOf(n1))
    const { ticket } = await soon(guestsOf(n1).issueTicket(session))
    const redeemed = await soon(
      Promise.all([guestsOf(n1).redeem(ticket), guestsOf(n2).redeem(ticket)]),
    )
    expect(redeemed.filter((made) => made !== undefined)).toHaveLength(1)
    expect(redeemed.find((made) => made !== undefined)?.person).toEqual(person)
    expect(await soon(guestsOf(n2).redeem(ticket))).toBeUndefined()
    const late = await soon(guestsOf(n1).issueTicket(session))
    await cluster.clock.advance(30_000)
    expect(await soon(guestsOf(n2).redeem(late.ticket))).toBeUndefined()
    const orphan = await soon(guestsOf(n1).issueTicket(session))
    await soon(guestsOf(n1).end(session))
    expect(await soon(guestsOf(n2).redeem(orphan.ticket))).toBeUndefined()
  })
})

describe('a session that nobody uses', () => {
  it('ends by itself, and one in use does not', async () => {
    const [n1] = await nodesOf()
    const { store } = must(n1, 'n1')
    const base = { clock: cluster.clock, entropy: seededEntropy(9), log: silentLog, store }
    const time = { now: () => undefined }
    const guests = createGuests({ ...base, time, sessionIdleMs: 3 * hourMs })
    const idle = await signedIn(guests, 'Idle')
    const busy = await signedIn(guests, 'Busy')
    for (let hour = 0; hour < 4; hour++) {
      cluster.clock.jumpWall(hourMs)
      await soon(guests.identify(busy.token))
    }
    expect(guests.standing(idle.session)).toBe('ended')
    expect(await soon(guests.identify(idle.token))).toBeUndefined()
    expect((await soon(guests.identify(busy.token)))?.person).toEqual(busy.person)
  })

  it('counts from its making where its record is an old one without an end', async () => {
    const [n1] = await nodesOf()
    const { store } = must(n1, 'n1')
    const token = 'a-token-of-an-earlier-version'
    const old = { schema: 1, id: 'ada', name: 'Ada', createdAt: cluster.clock.wallMs() - dayMs }
    const key = keys.session(hashToken(token))
    const create = { kind: 'create', key, value: encodeJson(old) } as const
    await soon(store.commit({ guards: [], writes: [create] }))
    const session = must(await soon(guestsOf(n1).identify(token)), 'session')
    expect(session.expiresAt).toBe(old.createdAt + 30 * dayMs)
    expect(isOver(session, session.expiresAt - 1)).toBe(false)
    expect(isOver(session, session.expiresAt)).toBe(true)
  })
})
