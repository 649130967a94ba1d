import { State } from 'node-zookeeper-client'
import { describe, expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { OutcomeUnknown, Suspended } from '../../src/store/errors.ts'
import { sleep } from '../../src/lib/clock.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openConnection } from '../../src/store/zookeeper/connection.ts'
import { type LibraryClient, removeWatches } from '../../src/store/zookeeper/library.ts'
import { findBackend } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'
import { createNaive, quit, told } from '../support/naive-zookeeper.ts'
import { endSession, openZookeeperClient } from '../support/zookeeper-backend.ts'
import { sessionTimeoutMs, setTrapStage } from './zookeeper-trap-stage.ts'
import {
  create,
  freshly,
  outcomeOf,
  put,
  refusedBy,
  textOf,
  unchanged,
  win,
} from './conformance/words.ts'

const backend = await findBackend('zookeeper', { size: 1 })
const something = Buffer.from('x')

/** Each trap twice: what the library does to those who use it as it comes, and that the store does not. */
describe.skipIf(backend === undefined)('traps of node-zookeeper-client', () => {
  const stage = setTrapStage(backend)

  describe('version 0 in a transaction', () => {
    test('the library takes it for any version', async () => {
      const client = await stage.naive()
      const path = `/${stage.fresh()}`
      await told((back) => client.create(path, something, back))
      await told((back) => client.setData(path, something, 0, back))
      const outcome = await told((back) =>
        client.transaction().setData(path, something, 0).commit(back),
      )
      expect(outcome, 'a lost update').not.toBe('BAD_VERSION')
    })

    test('the store refuses what changed since it was new', async () => {
      const { store } = await stage.ours()
      const key = `perm/${stage.fresh()}`
      const { versions } = await win(store, [create(key, 'new')])
      const first = { key, version: versions.get(key)! }
      expect(first.version).toBe('0')
      await win(store, [put(key, 'changed')])
      expect(await refusedBy(store, [put(key, 'late')], [unchanged(first)])).toEqual([
        `unchanged ${key}`,
      ])
      expect(await refusedBy(store, [create(stage.fresh())], [unchanged(first)])).toEqual([
        `unchanged ${key}`,
      ])
    })
  })

  describe('a link that carries nothing', () => {
    test('the library calls it connected, past its own session timeout', async () => {
      const proxy = await stage.proxied()
      const client = await stage.naive(proxy.port, 1_500)
      proxy.silence('both')
      const startMs = performance.now()
      await eventually(() => performance.now() - startMs > 3_000)
      expect(client.getState()).toBe(State.SYNC_CONNECTED)
    })

    test('the store suspends after a third of it, and loses the session after the whole', async () => {
      const { store, proxy } = await stage.ours()
      const { session } = store
      proxy.silence('both')
      const startMs = performance.now()
      await eventually(() => session.state === 'suspended', { everyMs: 5 })
      expect(performance.now() - startMs).toBeLessThan(sessionTimeoutMs)
      await eventually(() => session.lost.aborted, { everyMs: 5 })
      expect(performance.now() - startMs).toBeLessThan(3 * sessionTimeoutMs)
    })
  })

  describe('a server that accepts and never answers', () => {
    test('the library waits for it for ever, though there is another', async () => {
      const mute = await stage.listener(() => undefined)
      const client = createNaive([mute, stage.server.port], 1_500)
      stage.later(() => quit(client))
      client.connect()
      const startMs = performance.now()
      await eventually(() => performance.now() - startMs > 4_000)
      expect(client.getState()).toBe(State.DISCONNECTED)
    })

    test('the store goes on to the next one', async () => {
      const mute = await stage.listener(() => undefined)
      for (let round = 0; round < 4; round++) {
        const { store } = await stage.ours({}, [
          `127.0.0.1:${mute}`,
          must(stage.servers[0], 'server'),
        ])
        expect(store.session.state).toBe('serving')
      }
    })

    test('the store says where nobody answers', async () => {
      const mute = await stage.listener(() => undefined)
      const opening = openZookeeperClient([`127.0.0.1:${mute}`], { sessionTimeoutMs })
      await expect(opening).rejects.toThrow(Suspended)
    })
  })

  describe('a write asked for while the link is cut', () => {
    test('the library sends it after its caller gave up', async () => {
      const proxy = await stage.proxied()
      const client = await stage.naive(proxy.port)
      const path = `/${stage.fresh()}`
      proxy.cut()
      await eventually(() => client.getState() === State.DISCONNECTED)
      client.create(path, something, () => undefined)
      proxy.heal()
      const other = await stage.naive()
      const isThere = () => told((back) => other.exists(path, back))
      await eventually(async () => (await isThere()) !== null)
    })

    test('the store never does', async () => {
      const { store, proxy } = await stage.ours()
      const dir = stage.fresh()
      proxy.cut()
      const outcomes = await Promise.all(
        Array.from({ length: 20 }, async (_, index) => {
          const commit = { guards: [], writes: [create(`${dir}/${index}`)] }
          return outcomeOf(store.commit(commit, { deadlineMs: 5 * index }))
        }),
      )
      expect(new Set(outcomes)).not.toContain('done')
      proxy.heal()
      await eventually(() => store.session.state === 'serving')
      await win(store, [create(`${dir}/after`)])
      for (const [index, outcome] of outcomes.entries()) {
        const isThere = (await store.get(`${dir}/${index}`, { fresh: true })) !== undefined
        if (isThere) expect(outcome).toBe('OutcomeUnknown')
      }
    })

    test('a cut too short to suspend is waited out', async () => {
      const { store, proxy } = await stage.ours()
      const { session } = store
      await win(store, [create('kept', 'here')]).catch(() => undefined)
      const states: string[] = []
      store.onSessionChange(({ state }) => states.push(state))
      proxy.cut()
      await eventually(() => store.health().servers.length === 0)
      const read = store.get('kept', { fresh: true })
      proxy.heal()
      expect(textOf(await read)).toBe('here')
      expect(store.session).toBe(session)
      expect(states).toEqual([])
    })
  })

  describe('a connection cut in the middle of an answer', () => {
    test('the library takes what is left of it for the next handshake, and throws', async () => {
      const proxy = await stage.proxied()
      const client = createNaive(proxy.port, 1_500)
      stage.later(() => quit(client))
      const thrown: unknown[] = []
      const deliver = client.connectionManager.onSocketData.bind(client.connectionManager)
      client.connectionManager.onSocketData = (chunk) => {
        try {
          deliver(chunk)
        } catch (error) {
          thrown.push(error) // as it is, this ends the process
        }
      }
      client.connect()
      await eventually(() => client.getState() === State.SYNC_CONNECTED)
      const cut = proxy.truncateNextReply(10)
      client.getChildren('/', () => undefined)
      await cut
      expect(client.connectionManager.pendingBuffer).toHaveLength(10)
      const isBroken = () => thrown.length > 0 || client.getState() === State.EXPIRED
      await eventually(isBroken, { withinMs: 15_000 })
    })

    test('the store survives cuts at any byte, in the same session', async () => {
      const { store, proxy } = await stage.ours()
      const { session } = store
      const dir = stage.fresh()
      await win(store, [create(`${dir}/leaf`, 'whole')])
      const offsets = [1, 3, 4, 5, 7, 8, 11, 12, 15, 16, 19, 20, 21, 23, 24, 27, 40, 60, 80]
      for (const offset of offsets) {
        const cut = proxy.truncateNextReply(offset)
        await Promise.all([cut, outcomeOf(store.get(`${dir}/leaf`))])
        expect(textOf(await freshly(store, `${dir}/leaf`))).toBe('whole')
      }
      expect(store.session).toBe(session)
      expect(session.state).toBe('serving')
    })

    test('bytes that are not ZooKeeper’s cost a connection, not the process', async () => {
      let greetingCount = 0
      const noise = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')
      const stranger = await stage.listener((socket) => {
        socket.once('data', () => {
          greetingCount++
          socket.write(noise)
        })
      })
      const servers = [`127.0.0.1:${stranger}`, must(stage.servers[0], 'server')]
      for (let round = 0; round < 20 && greetingCount === 0; round++) {
        const { store } = await stage.ours({}, servers)
        expect(store.session.state).toBe('serving')
      }
      expect(greetingCount).toBeGreaterThan(0)
    })
  })

  describe('an answer with a code that is younger than the library', () => {
    test('the library throws where nobody can catch', async () => {
      const client = await stage.naive()
      const manager = client.connectionManager
      const thrown: unknown[] = []
      const caught = new Promise<void>((resolve) => {
        const socket = must(manager.socket, 'socket')
        const [deliver] = socket.listeners('data') as ((chunk: Buffer) => void)[]
        socket.removeAllListeners('data')
        socket.on('data', (chunk: Buffer) => {
          try {
            deliver?.(chunk)
          } catch (error) {
            thrown.push(error)
            resolve()
          }
        })
      })
      removeWatches(client as unknown as LibraryClient, `/${stage.fresh()}`, () => undefined)
      await caught
      expect(String(thrown[0])).toContain('Unknown code: -121')
    })

    test('the store’s connection takes it for what it is, an error', async () => {
      const patience = { untilMs: systemClock.monotonicMs() + 5_000, signal: undefined }
      const connection = await openConnection(
        { clock: systemClock, server: stage.server, sessionTimeoutMs, credentials: undefined },
        patience,
      )
      stage.later(() => connection.end(patience))
      const asked = connection.ask<unknown>((client, answer) => {
        removeWatches(client, `/${stage.fresh()}`, (error) => answer(error, undefined))
      }, patience)
      await expect(asked).rejects.toThrow('SYSTEM_ERROR')
      expect(connection.isUp).toBe(true)
    })
  })

  describe('a transaction that several guards refuse', () => {
    test('the library tells of the first', async () => {
      const client = await stage.naive()
      const path = `/${stage.fresh()}`
      await told((back) => client.create(path, something, back))
      const results = await new Promise<{ err: number }[]>((resolve) => {
        client
          .transaction()
          .create(path, something)
          .check(`${path}/missing`)
          .commit((_, all: { err: number }[]) => resolve(all))
      })
      const runtimeInconsistency = -2
      expect(results.map(({ err }) => err)).toEqual([-110, runtimeInconsistency])
    })

    test('the store tells of all', async () => {
      const { store } = await stage.ours()
      const key = stage.fresh()
      await win(store, [create(key)])
      expect(await refusedBy(store, [create(key), put(`${key}-missing`, 'x')])).toEqual([
        `absent ${key}`,
        `present ${key}-missing`,
      ])
    })
  })

  describe('an expired session', () => {
    test('the library is dead after it', async () => {
      const client = await stage.naive()
      await endSession(must(stage.servers[0], 'server'), {
        sessionId: client.getSessionId(),
        password: client.getSessionPassword(),
      })
      // It says so, or nothing at all: what is asked while it finds out may wait for an answer for ever.
      const answers = new Set<unknown>()
      for (let asked = 0; asked < 5; asked++) {
        const answer = told((back) => client.exists('/', back))
        answers.add(await Promise.race([answer, sleep(systemClock, 300).then(() => 'none')]))
      }
      const ofTheDead: readonly unknown[] = ['SESSION_EXPIRED', 'CONNECTION_LOSS', 'none']
      expect([...answers].filter((answer) => !ofTheDead.includes(answer))).toEqual([])
    })

    test('the store opens another, without the old one’s ephemerals', async () => {
      const client = await stage.ours()
      const { store } = client
      const old = store.session
      const dir = stage.fresh()
      await win(store, [create(`${dir}/me`, 'x', old)])
      await endSession(must(stage.servers[0], 'server'), client.credentials())
      await eventually(() => store.session !== old && store.session.state === 'serving')
      expect(old.lost.aborted).toBe(true)
      expect(await store.get(`${dir}/me`, { fresh: true })).toBeUndefined()
      await win(store, [create(`${dir}/me`, 'x', store.session)])
    })
  })

  test('a commit whose answer is cut off is unknown', async () => {
    const { store, proxy } = await stage.ours()
    const dir = stage.fresh()
    await win(store, [create(`${dir}/a`)])
    void proxy.truncateNextReply(6)
    await expect(win(store, [create(`${dir}/b`)])).rejects.toThrow(OutcomeUnknown)
    await freshly(store, `${dir}/b`)
  })
})
