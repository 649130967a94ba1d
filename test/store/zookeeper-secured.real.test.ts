import { type AddressInfo, connect } from 'node:net'
import { createServer, type Server } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { type Log, silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import type { StoreCredentials } from '../../src/node/store-access.ts'
import type { Store } from '../../src/store/store.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'
import { type Authority, createAuthority } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { connectNaive, quit } from '../support/naive-zookeeper.ts'

const backend = await findBackend('zookeeper', { size: 1, hurtsMembers: true })
const login = { user: 'keeper', password: 'a-pass:word-of-the-node' }
const bytes = (text: string) => Buffer.from(text)

describe.skipIf(backend === undefined)('ZooKeeper with a digest login', () => {
  let provided: ProvidedStore
  let server: string
  let authority: Authority
  let stranger: Authority
  let terminator: Server
  const stores: Store[] = []
  beforeAll(async () => {
    provided = await must(backend, 'backend').start()
    server = must(provided.servers[0], 'server')
    authority = createAuthority()
    stranger = createAuthority()
    const { cert, key } = authority.issue('zookeeper')
    terminator = createServer({ cert, key }, (socket) => {
      const port = Number(server.split(':')[1])
      const inner = connect(port, '127.0.0.1')
      socket.on('error', () => inner.destroy())
      inner.on('error', () => socket.destroy())
      socket.on('close', () => inner.destroy())
      socket.pipe(inner).pipe(socket)
    })
    terminator.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve) => terminator.listen(0, '127.0.0.1', resolve))
  }, 60_000)
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()))
    terminator.close()
    await provided.stop()
    authority.remove()
    stranger.remove()
  })

  const openAs = async (url: string, credentials: StoreCredentials, log: Log = silentLog) => {
    const opened = await openStore(url, {
      ...{ clock: systemClock, entropy: systemEntropy, log, metrics: silentMetrics },
      ...{ sessionTimeoutMs: 3_000, credentials },
    })
    stores.push(opened.store)
    return opened
  }
  const plain = (root: string) => `zookeeper://${server}/${root}`
  const secure = (root: string) =>
    `zookeeper+tls://127.0.0.1:${(terminator.address() as AddressInfo).port}/${root}`
  const create = (store: Store, key: string, ephemeral = false) =>
    store.commit({
      guards: [],
      writes: [
        { kind: 'create', key, value: bytes('x'), ...(ephemeral && { ephemeral: store.session }) },
      ],
    })

  it('nobody else reads or writes anything that the node makes', async () => {
    const { store } = await openAs(plain('closed'), login)
    expect(await create(store, 'config/secret')).toMatchObject({ ok: true })
    expect(await create(store, 'locks/x/1', true)).toMatchObject({ ok: true })
    expect(await create(store, 'head/A/B')).toMatchObject({ ok: true })
    const naive = await connectNaive(Number(server.split(':')[1]))
    const refusal = async (ask: (done: (error: unknown) => void) => void) =>
      new Promise<string>((resolve) => ask((error) => resolve(String(error))))
    const paths = ['', '/config+', '/config+/secret', '/locks+', '/locks+/x+', '/locks+/x+/1']
    for (const path of paths.map((tail) => `/closed${tail}`)) {
      expect(await refusal((done) => naive.getData(path, done))).toContain('NO_AUTH')
      expect(await refusal((done) => naive.getChildren(path, done))).toContain('NO_AUTH')
      expect(await refusal((done) => naive.setData(path, bytes('y'), done))).toContain('NO_AUTH')
      expect(await refusal((done) => naive.create(`${path}/mine`, done))).toContain('NO_AUTH')
    }
    expect(await refusal((done) => naive.remove('/closed/config+/secret', done))).toContain(
      'NO_AUTH',
    )
    quit(naive)
  })

  it('a node goes on as the same user on its next connection, and in its next session', async () => {
    const { store } = await openAs(plain('moved'), login)
    await create(store, 'config/a')
    const { id } = store.session
    store.distrust('a test')
    await eventually(() =>
      create(store, 'config/b').then(
        (r) => r.ok,
        () => false,
      ),
    )
    expect(store.session.id).toBe(id)
    await must(provided.ensemble, 'ensemble').members[0]!.restart()
    await eventually(
      () =>
        create(store, 'config/c').then(
          (r) => r.ok,
          () => false,
        ),
      {
        withinMs: 20_000,
      },
    )
  }, 40_000)

  it('refuses another password, and none, and says what to do', async () => {
    await openAs(plain('owned'), login)
    for (const wrong of [{ ...login, password: 'wrong-pass-word' }, {}]) {
      const opening = openAs(plain('owned'), wrong)
      await expect(opening).rejects.toThrow(/\/owned belongs to another.*--store-user/)
      await expect(opening).rejects.not.toThrow(/pass-word/)
    }
  })

  it('warns when the root was made without a login', async () => {
    await openAs(plain('open'), {})
    const warned: string[] = []
    const log = { ...silentLog, warn: (_: object, message: string) => void warned.push(message) }
    await openAs(plain('open'), login, log)
    expect(warned.join()).toContain('was made without a login')
  })

  it('is reached by TLS, also for the survey', async () => {
    const { store, survey } = await openAs(secure('tls'), { ...login, ca: authority.ca })
    expect(await create(store, 'config/a')).toMatchObject({ ok: true })
    expect(await store.get('config/a', { fresh: true })).toBeDefined()
    store.distrust('a test')
    await eventually(() =>
      create(store, 'config/b').then(
        (r) => r.ok,
        () => false,
      ),
    )
    expect(await survey!()).toMatchObject([{ state: 'serving', role: 'alone' }])
  })

  it('is not reached by TLS where the authority is another, or where nobody speaks it', async () => {
    const other = openAs(secure('tls'), { ...login, ca: stranger.ca })
    await expect(other).rejects.toThrow('--store-ca')
    const none = openAs(plain('tls').replace('zookeeper:', 'zookeeper+tls:'), login)
    await expect(none).rejects.toThrow(/no TLS|no ZooKeeper server answers/)
  }, 20_000)
})
