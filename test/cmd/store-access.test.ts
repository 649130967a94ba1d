import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { judgeOpen } from '../../cmd/doctor/open.ts'
import { accessOf, exposureOf, isOnLoopback } from '../../src/node/store-access.ts'
import { parseStoreAddress, shownStoreUrl } from '../../src/node/store-address.ts'
import { run } from './run.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lotkeeper-flags-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
  Reflect.deleteProperty(process.env, 'LOTKEEPER_STORE_PASSWORD')
})

describe('a password in the URL of a store', () => {
  it.each([
    'etcd://root:s3cret@e1:2379/lots',
    'zookeeper://user:s3cret@zk1,zk2/lots',
    'etcd://root:s3/cret@e1/lots',
    'etcd://root:a@s3cret@e1/lots',
    'etcd+tls://s3cret@e1',
    'redis://root:s3cret@x',
    'etcd:root:s3cret@e1',
    'etcd://e1/lots?password=s3cret',
    'etcd://e1/lots#s3cret',
  ])('is refused and not printed, with what to do: %s', async (url) => {
    for (const command of ['serve', 'doctor']) {
      const { exitCode, err, out } = await run(command, '--port', '0', '--store', url)
      expect(exitCode).not.toBe(0)
      expect(err + out).not.toContain('s3cret')
      if (url.includes('@')) expect(err + out).toContain('--store-password-file')
    }
    expect(shownStoreUrl(url)).not.toContain('s3cret')
  })
})

describe('what lets a node in at its store', () => {
  it.each<[string[], string]>([
    [['--store', 'etcd://e1/x', '--store-ca', 'CA'], 'etcd+tls://'],
    [['--store', 'etcd+tls://e1/x', '--store-cert', 'CA'], '--store-key'],
    [['--store', 'etcd://e1/x', '--store-user', 'keeper'], 'LOTKEEPER_STORE_PASSWORD'],
    [['--store', 'etcd://e1/x', '--store-password-file', 'PASSWORD'], '--store-user'],
    [
      ['--store', 'zookeeper://z/x', '--store-user', 'a:b', '--store-password-file', 'PASSWORD'],
      'colon',
    ],
    [
      ['--store', 'memory:', '--store-user', 'a', '--store-password-file', 'PASSWORD'],
      'no servers',
    ],
    [['--store', 'etcd://e1/x', '--store-password-file', '/nowhere'], '--store-password-file'],
    [['--store', 'etcd://e1/x', '--store-password-file', 'EMPTY'], 'empty'],
    [['--link-cert', 'CA'], '--link-key'],
  ])('must fit together: %j', async (args, advice) => {
    for (const [name, text] of [
      ['CA', 'x'],
      ['PASSWORD', 's3cret\n'],
      ['EMPTY', ''],
    ] as const)
      writeFileSync(join(folder, name), text)
    const named = args.map((arg) => (/^[A-Z]+$/.test(arg) ? join(folder, arg) : arg))
    const { exitCode, err } = await run('serve', '--port', '0', ...named)
    expect(exitCode).toBe(2)
    expect(err).toContain(advice)
    expect(err).not.toContain('s3cret')
  })

  it('has no flag for the password itself, and an operator token that is wrong is not printed', async () => {
    const flagged = await run('serve', '--store-password', 's3cret')
    expect(flagged).toMatchObject({ exitCode: 2 })
    const { exitCode, err } = await run('serve', '--operator-token', 's3cret')
    expect(exitCode).toBe(2)
    expect(err).not.toContain('s3cret')
    expect((await run('serve', '--help')).out).not.toContain('s3cret')
  })
})

describe('the way to a store', () => {
  it.each([
    ['127.0.0.1:2181', true],
    ['127.9.9.9:1', true],
    ['localhost:2379', true],
    ['[::1]:2379', true],
    ['10.0.0.1:2181', false],
    ['localhost.evil.org:1', false],
    ['127.0.0.1.evil.org:1', false],
    ['[fd00::1]:1', false],
  ])('%s stays on this machine: %s', (server, isLocal) => {
    expect(isOnLoopback(server)).toBe(isLocal)
  })

  it.each<[string, object, string | undefined]>([
    ['etcd://127.0.0.1/x', {}, undefined],
    ['etcd://e1/x', {}, 'shows no credentials'],
    ['zookeeper://127.0.0.1,z2/x', { user: 'a', password: 'b' }, 'without TLS'],
    ['zookeeper+tls://z2/x', { user: 'a', password: 'b' }, undefined],
    ['etcd+tls://e1/x', {}, 'shows no credentials'],
    ['embedded:x', {}, undefined],
  ])('%s with %j is told of: %s', (url, credentials, words) => {
    const address = parseStoreAddress(url)
    const told = exposureOf(address, accessOf(address, credentials))
    if (words === undefined) expect(told).toBeUndefined()
    else expect(told).toContain(words)
  })

  it.each([
    [true, 'e1:2379', 'fail'],
    [true, '127.0.0.1:2379', 'warn'],
    [false, 'e1:2379', 'warn'],
    [false, '127.0.0.1:2379', 'ok'],
  ])('open %s, at %s: doctor says %s', (isOpen, server, state) => {
    const address = { kind: 'etcd', isSecure: false, servers: [server] } as const
    expect(judgeOpen(isOpen, { ...address, servers: [server] }, true).state).toBe(state)
  })
})
