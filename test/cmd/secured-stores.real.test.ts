import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Finding } from '../../cmd/doctor/finding.ts'
import type { Ensemble } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'
import { findBackend } from '../support/backends.ts'
import { type Authority, createAuthority } from '../support/certificates.ts'
import { type SecuredEtcd, startSecuredEtcd } from '../support/secured-etcd.ts'
import { run } from './run.ts'

const etcdHere = await findBackend('etcd', { size: 1, hurtsMembers: true })
const zookeeperHere = await findBackend('zookeeper', { size: 1, hurtsMembers: true })
/** An address of this machine that others could reach. */
const far = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === 'IPv4' && !each.internal)?.address

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotkeeper-secured-'))
  writeFileSync(join(folder, 'password'), 'a-pass-word\n')
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))
afterEach(() => Reflect.deleteProperty(process.env, 'LOTKEEPER_STORE_PASSWORD'))

async function doctor(...args: string[]) {
  const flags = ['--port', '0', '--session-timeout-ms', '3000', ...args]
  const { out, err, exitCode } = await run('doctor', '--json', ...flags)
  expect(out + err).not.toContain('pass-word')
  const findings = (JSON.parse(out) as Finding[]).filter(({ check }) => check === 'store')
  const found = (text: string) => findings.find(({ detail }) => detail.includes(text))?.state
  return { exitCode, findings, found }
}
const places = [{ host: far ?? '', inside: [] }]

describe.skipIf(zookeeperHere === undefined || far === undefined)(
  'a ZooKeeper on the network',
  () => {
    let ensemble: Ensemble
    beforeAll(async () => {
      ensemble = await startZookeeperEnsemble({ size: 1, places })
    }, 60_000)
    afterAll(() => ensemble.stop())

    it('that lets in who shows nothing fails', async () => {
      const { exitCode, found } = await doctor('--store', ensemble.storeUrl('open'))
      expect(found('is OPEN')).toBe('fail')
      expect(exitCode).toBe(5)
    })

    it('that was closed passes, with a warning while there is no TLS', async () => {
      const user = ['--store-user', 'keeper', '--store-password-file', join(folder, 'password')]
      const { exitCode, found } = await doctor('--store', ensemble.storeUrl('closed'), ...user)
      expect(found('without TLS')).toBe('warn')
      expect(found('OPEN')).toBeUndefined()
      expect(exitCode).toBe(0)
      const wrong = ['--store-user', 'keeper']
      process.env['LOTKEEPER_STORE_PASSWORD'] = 'wrong-pass-word'
      const refused = await doctor('--store', ensemble.storeUrl('closed'), ...wrong)
      expect(refused.found('belongs to another ZooKeeper user')).toBe('fail')
    })
  },
)

describe.skipIf(etcdHere === undefined)('an etcd', () => {
  let authority: Authority
  let etcd: SecuredEtcd
  beforeAll(async () => {
    authority = createAuthority()
    etcd = await startSecuredEtcd(authority, authority.issue('node'))
    await etcd.ctl('user', 'add', 'keeper:a-pass-word')
    await etcd.ctl('role', 'add', 'keeping')
    await etcd.ctl('role', 'grant-permission', 'keeping', '--prefix=true', 'readwrite', 'lots/')
    await etcd.ctl('user', 'grant-role', 'keeper', 'keeping')
  }, 60_000)
  afterAll(async () => {
    await etcd.stop()
    authority.remove()
  })

  it('with TLS and users is looked at by their means, and found closed', async () => {
    const { certFile, keyFile } = authority.issue('doctor')
    const tls = ['--store-ca', authority.caFile, '--store-cert', certFile, '--store-key', keyFile]
    const user = ['--store-user', 'keeper', '--store-password-file', join(folder, 'password')]
    const url = `etcd+tls://${etcd.server}/lots`
    const { exitCode, found } = await doctor('--store', url, ...tls, ...user)
    expect(found('closed to those')).toBe('ok')
    expect(found('healthy')).toBe('ok')
    expect(exitCode).toBe(0)
  })

  it.skipIf(far === undefined)('without, on the network, fails', async () => {
    const ensemble = await startEtcdEnsemble({ size: 1, places })
    const { found, exitCode } = await doctor('--store', ensemble.storeUrl()).finally(() =>
      ensemble.stop(),
    )
    expect(found('is OPEN')).toBe('fail')
    expect(exitCode).toBe(5)
  })
})
