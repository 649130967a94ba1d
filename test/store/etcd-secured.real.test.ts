import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import type { StoreCredentials } from '../../src/node/store-access.ts'
import type { Store } from '../../src/store/store.ts'
import { findBackend } from '../support/backends.ts'
import { type Authority, type Certificate, createAuthority } from '../support/certificates.ts'
import { eventually } from '../support/eventually.ts'
import { type SecuredEtcd, startSecuredEtcd } from '../support/secured-etcd.ts'

const backend = await findBackend('etcd', { size: 1, hurtsMembers: true })
const bytes = (text: string) => Buffer.from(text)
const password = 'a-pass-word-of-the-node'

describe.skipIf(backend === undefined)('etcd with TLS, client certificates and users', () => {
  let authority: Authority
  let stranger: Authority
  let own: Certificate
  let etcd: SecuredEtcd
  let good: StoreCredentials
  const stores: Store[] = []
  beforeAll(async () => {
    authority = createAuthority()
    stranger = createAuthority()
    own = authority.issue('node')
    etcd = await startSecuredEtcd(authority, own, { tokenTtlSeconds: 1 })
    await etcd.ctl('user', 'add', `keeper:${password}`)
    await etcd.ctl('role', 'add', 'keeping')
    await etcd.ctl('role', 'grant-permission', 'keeping', '--prefix=true', 'readwrite', 'lots/')
    await etcd.ctl('user', 'grant-role', 'keeper', 'keeping')
    good = { ca: authority.ca, cert: own.cert, key: own.key, user: 'keeper', password }
  }, 60_000)
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()))
    await etcd.stop()
    authority.remove()
    stranger.remove()
  })

  const openAs = async (credentials: StoreCredentials, root = 'lots', sessionTimeoutMs = 3_000) => {
    const opened = await openStore(`etcd+tls://${etcd.server}/${root}`, {
      ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
      ...{ sessionTimeoutMs, credentials },
    })
    stores.push(opened.store)
    return opened
  }
  const put = (store: Store, key: string, value: string) =>
    store.commit({ guards: [], writes: [{ kind: 'create', key, value: bytes(value) }] })

  it('serves a node that shows certificate, user and password, limited to its prefix', async () => {
    const { store, survey } = await openAs(good)
    expect(await put(store, 'config/a', 'one')).toMatchObject({ ok: true })
    const { session } = store
    const lock = { kind: 'create', key: 'locks/x/1', value: bytes(''), ephemeral: session } as const
    expect(await store.commit({ guards: [], writes: [lock] })).toMatchObject({ ok: true })
    const entry = await store.get('config/a', { fresh: true })
    expect(bytes('one').equals(Buffer.from(entry!.value))).toBe(true)
    expect(await store.list('locks/x')).toHaveLength(1)
    expect(await survey!()).toMatchObject([{ state: 'serving', role: 'leader' }])
  })

  it('goes on when its token runs out, and when the server lost it, watches included', async () => {
    const { store } = await openAs(good)
    const { id } = store.session
    const abort = new AbortController()
    let rings = 0
    const watching = (async () => {
      for await (const _ of store.watch({ key: 'config/rung' }, { signal: abort.signal })) rings++
    })()
    await eventually(() => rings > 0)
    // Simple tokens live in the memory of the server: after a restart it knows none.
    await etcd.restart()
    await eventually(() => store.session.state === 'serving', { withinMs: 10_000 })
    const before = rings
    await eventually(
      () =>
        put(store, 'config/rung', 'x').then(
          (r) => r.ok,
          () => false,
        ),
      { withinMs: 10_000 },
    )
    await eventually(() => rings > before, { withinMs: 10_000 })
    expect(await put(store, 'config/after', 'y')).toMatchObject({ ok: true })
    expect(store.session.id).toBe(id)
    abort.abort()
    await watching
  }, 40_000)

  it.each<[string, () => StoreCredentials, string]>([
    ['a wrong password', () => ({ ...good, password: 'wrong-pass-word' }), '--store-password-file'],
    ['a user that is not there', () => ({ ...good, user: 'nobody' }), '--store-user'],
    ['another authority', () => ({ ...good, ca: stranger.ca }), '--store-ca'],
    [
      'a certificate of another authority',
      () => {
        const { cert, key } = stranger.issue('node')
        return { ...good, cert, key }
      },
      '--store-cert',
    ],
    ['no certificate', () => ({ ca: good.ca!, user: 'keeper', password }), '--store-cert'],
  ])(
    'refuses %s, and says what to do',
    async (_, credentials, advice) => {
      const opening = openAs(credentials())
      await expect(opening).rejects.toThrow(advice)
      await expect(opening).rejects.not.toThrow(/pass-word/)
    },
    20_000,
  )

  it('says which prefix a role lacks', async () => {
    await expect(openAs(good, 'other')).rejects.toThrow('readwrite other/')
  })

  it('says that there is no TLS, or that it is wanted', async () => {
    const plain = openStore(`etcd://${etcd.server}/lots`, {
      ...{ clock: systemClock, entropy: systemEntropy, log: silentLog, metrics: silentMetrics },
      ...{ sessionTimeoutMs: 1_000, credentials: { user: 'keeper', password } },
    })
    await expect(plain).rejects.toThrow(/no etcd server let us in/)
  })
})
