import { expect } from 'vitest'
import { SessionLost } from '../../../src/store/errors.ts'
import type { Store } from '../../../src/store/store.ts'
import { eventually } from '../../support/eventually.ts'
import type { Promised } from './bench.ts'
import {
  create,
  freshly,
  listOf,
  outcomeOf,
  present,
  put,
  refusedBy,
  remove,
  textOf,
  win,
} from './words.ts'

export function sessionSuite(promised: Promised): void {
  promised('a session serves, under a name fit for a key', [], async ({ open }) => {
    const store = await open()
    expect(store.session.state).toBe('serving')
    expect(store.session.id).toMatch(/^[A-Za-z0-9]+$/)
    expect(store.session.lost.aborted).toBe(false)
    expect(store.session).toBe(store.session)
    expect(store.health().servers.length).toBeGreaterThan(0)
  })

  promised('a session outlives distrust of its server', [], async ({ open, root }) => {
    const store = await open()
    const { session } = store
    await win(store, [create(`${root}/me`, 'mine', session), create(`${root}/leaf`, 'x')])
    for (let again = 0; again < 3; again++) store.distrust('a test says so')
    await eventually(async () => textOf(await freshly(store, `${root}/leaf`)) === 'x')
    expect(await freshly(store, `${root}/me`)).toBeDefined()
    await eventually(
      async () => (await outcomeOf(win(store, [put(`${root}/leaf`, 'y')]))) === 'done',
    )
    expect(store.session).toBe(session)
    expect(session.state).toBe('serving')
  })

  promised('no two sessions have one name', [], async ({ open }) => {
    const names = new Set<string>()
    for (let round = 0; round < 5; round++) {
      const store = await open()
      names.add(store.session.id)
      await store.close()
    }
    expect(names.size).toBe(5)
  })

  promised('an ephemeral is a leaf like others', [], async ({ open, root }) => {
    const store = await open()
    const key = `${root}/locks/me`
    const { revision } = await win(store, [create(key, 'mine', store.session)])
    expect(await store.get(key, { fresh: true })).toMatchObject({ key, createRevision: revision })
    expect(store.health().ephemeralCount).toBe(1)
    await win(store, [put(key, 'still mine')], [present(key)])
    await listOf(store, `${root}/locks`, 1)
    expect(await refusedBy(store, [create(key, 'again', store.session)])).toEqual([`absent ${key}`])
    await win(store, [remove(key)])
    expect(await store.get(key, { fresh: true })).toBeUndefined()
    expect(store.health().ephemeralCount).toBe(0)
  })

  promised(
    'others see an ephemeral and its end at close, at once',
    ['many clients'],
    async (bench) => {
      const [store, other] = [await bench.open({ sessionTimeoutMs: 10_000 }), await bench.open()]
      const key = `${bench.root}/members/me`
      await win(store, [create(key, 'here', store.session), create(`${bench.root}/kept`)])
      expect(await other.get(key, { fresh: true })).toBeDefined()
      const { session } = store
      await store.close()
      expect(session.state).toBe('lost')
      expect(session.lost.aborted).toBe(true)
      await eventually(async () => !(await other.get(key, { fresh: true })), { withinMs: 3_000 })
      expect(await other.get(`${bench.root}/kept`, { fresh: true })).toBeDefined()
    },
  )

  promised('another client may delete an ephemeral', ['many clients'], async (bench) => {
    const [store, other] = [await bench.open(), await bench.open()]
    const key = `${bench.root}/locks/me`
    await win(store, [create(key, 'mine', store.session)])
    await win(other, [remove(key)])
    expect(await refusedBy(store, [create(`${bench.root}/x`)], [present(key)])).toEqual([
      `present ${key}`,
    ])
  })

  promised(
    'a closed store refuses every call and tells its session',
    [],
    async ({ open, root }) => {
      const store = await open()
      await store.close()
      await store.close()
      expect(store.session.state).toBe('lost')
      expect(await outcomeOf(store.get(`${root}/a`))).toBe('Suspended')
      expect(await outcomeOf(store.list(root))).toBe('Suspended')
      expect(await outcomeOf(win(store, [create(`${root}/a`)]))).toBe('Suspended')
      expect(store.health().watchCount).toBe(0)
    },
  )

  promised('an ephemeral of a closed session’s name is refused', [], async ({ open, root }) => {
    const earlier = await open()
    const { session } = earlier
    await earlier.close()
    const store = await open()
    await expect(win(store, [create(`${root}/a`, 'x', session)])).rejects.toThrow(SessionLost)
    expect(await store.get(`${root}/a`, { fresh: true })).toBeUndefined()
  })

  expiryCases(promised)
}

function expiryCases(promised: Promised) {
  promised('an expired session is lost, and a new one serves', ['expire'], async (bench) => {
    const store = await bench.open()
    const old = store.session
    const told = listenTo(store)
    await bench.expire(store)
    await eventually(() => old.lost.aborted)
    expect(old.state).toBe('lost')
    await eventually(() => store.session !== old && store.session.state === 'serving')
    expect(store.session.id).not.toBe(old.id)
    await eventually(() => told.at(-1) === `${store.session.id} serving`)
    expect(told.filter((line) => !line.endsWith('suspended'))).toEqual([
      `${old.id} lost`,
      `${store.session.id} serving`,
    ])
    await win(store, [create(`${bench.root}/a`, 'x', store.session)])
  })

  promised(
    'ephemerals go with their session and do not come back',
    ['expire', 'many clients'],
    async (bench) => {
      const [store, other] = [await bench.open(), await bench.open()]
      const key = `${bench.root}/locks/me`
      const old = store.session
      await win(store, [create(key, 'mine', old), create(`${bench.root}/kept`)])
      await bench.expire(store)
      await eventually(async () => !(await other.get(key, { fresh: true })))
      await eventually(() => store.session !== old && store.session.state === 'serving')
      await expect(win(store, [create(key, 'mine', old)])).rejects.toThrow(SessionLost)
      await win(store, [create(`${bench.root}/locks/next`, 'x', store.session)])
      expect(await other.get(key, { fresh: true })).toBeUndefined()
      expect(await other.get(`${bench.root}/locks/next`, { fresh: true })).toBeDefined()
      expect(await other.get(`${bench.root}/kept`, { fresh: true })).toBeDefined()
    },
  )

  promised(
    'a session that is over cannot own an ephemeral, known or not',
    ['expire'],
    async (bench) => {
      const store = await bench.open()
      const old = store.session
      await bench.expire(store)
      const attempt = win(store, [create(`${bench.root}/late`, 'x', old)])
      expect(['SessionLost', 'Suspended', 'OutcomeUnknown']).toContain(await outcomeOf(attempt))
      await eventually(() => store.session !== old && store.session.state === 'serving')
      expect(await store.get(`${bench.root}/late`, { fresh: true })).toBeUndefined()
    },
  )

  promised('who stops listening is not told', ['expire'], async (bench) => {
    const store = await bench.open()
    const old = store.session
    const told: string[] = []
    store.onSessionChange((session) => told.push(session.id))()
    await bench.expire(store)
    await eventually(() => store.session !== old && store.session.state === 'serving')
    expect(told).toEqual([])
  })
}

/** Every change as the store tells it. */
export function listenTo(store: Store): string[] {
  const told: string[] = []
  store.onSessionChange((session) => told.push(`${session.id} ${session.state}`))
  return told
}
