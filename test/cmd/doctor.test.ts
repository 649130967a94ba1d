import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkNodeVersion } from '../../cmd/doctor/machine.ts'
import { storeSizeFinding } from '../../cmd/doctor/store-size.ts'
import { checkDescriptors } from '../../cmd/doctor/descriptors.ts'
import { openFilesOf } from '../../src/lib/descriptors.ts'
import { fitLimits } from '../../src/node/fit-limits.ts'
import { protocolLimits } from '../../src/protocol/limits.ts'
import type { Finding } from '../../cmd/doctor/finding.ts'
import { freePort } from '../../src/ensemble/free-port.ts'
import { startStubNode, type StubNode } from '../client/stub-node.ts'
import { run } from './run.ts'

let folder: string
let node: StubNode
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lotkeeper-doctor-'))
  node = await startStubNode('n7')
})
afterEach(async () => {
  await node.kill()
  rmSync(folder, { recursive: true, force: true })
})

async function examine(...args: string[]) {
  const { exitCode, out } = await run('doctor', '--json', ...args)
  const findings = JSON.parse(out) as Finding[]
  return {
    exitCode,
    findings,
    of: (check: Finding['check']) => findings.find((f) => f.check === check),
  }
}

describe('doctor', () => {
  test('looks at everything that a node needs', async () => {
    const { findings, exitCode, of } = await examine(
      ...['--store', `embedded:${folder}/data`, '--port', String(await freePort())],
    )
    expect(exitCode).toBe(0)
    expect(findings.map(({ check }) => check)).toEqual([
      'node',
      'web app',
      'port',
      'store',
      'store size',
      'clock',
      'disk',
      'descriptors',
    ])
    expect(of('port')).toMatchObject({ state: 'ok' })
    expect(of('store')).toMatchObject({ state: 'ok' })
    expect(of('disk')?.detail).toContain('GiB free')
    expect(of('clock')).toMatchObject({ state: 'skip' })
  })

  test('warns of a ZooKeeper that may forget', async () => {
    const warnings = async (version: string) => {
      const server = createServer((socket) => {
        socket.on('error', () => undefined)
        socket.end(`Zookeeper version: ${version}-1, built on a day\nMode: follower\n`)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const store = `zookeeper://127.0.0.1:${port}/lotkeeper`
      const { findings } = await examine('--store', store, '--port', '0')
      server.close()
      return findings
        .filter(({ detail }) => detail.includes('may lose what was committed'))
        .map(({ state, advice }) => [version, state, advice?.includes('3.9.4')])
    }
    // Side by side: each waits for a store that never serves.
    const versions = ['3.8.0', '3.8.5', '3.9.3', '3.9.4', '4.0.0']
    expect((await Promise.all(versions.map(warnings))).flat()).toEqual([
      ['3.8.0', 'warn', true],
      ['3.9.3', 'warn', true],
    ])
  })

  test('leaves an embedded store as it is', async () => {
    mkdirSync(join(folder, 'data'))
    const { of } = await examine('--store', `embedded:${folder}/data`, '--port', '0')
    expect(of('store')).toMatchObject({ state: 'ok' })
    expect(readdirSync(join(folder, 'data'))).toEqual([])
    writeFileSync(join(folder, 'file'), '')
    const wrong = await examine('--store', `embedded:${folder}/file`, '--port', '0')
    expect(wrong.of('store')).toMatchObject({ state: 'fail' })
  })

  test('says what to do about all that is not well', async () => {
    const { findings } = await examine('--store', 'memory:', '--port', String(await freePort()))
    for (const { check, state, advice } of findings)
      if (state === 'warn' || state === 'fail')
        expect([check, advice]).toEqual([check, expect.any(String)])
  })

  test('knows a port that a node holds from one that something else holds', async () => {
    const port = node.url.split(':')[2] ?? ''
    node.onRequest = () => ({ body: { offsetMs: 4_000, errorMs: 1 } })
    const held = await examine('--store', 'memory:', '--port', port)
    expect(held.of('port')).toMatchObject({ state: 'ok' })
    expect(held.of('port')?.detail).toContain('node n7')
    expect(held.of('clock')).toMatchObject({ state: 'warn' })
    node.onRequest = () => undefined
    const taken = await examine('--store', 'memory:', '--port', port)
    expect(taken.of('port')).toMatchObject({ state: 'fail' })
    expect(taken.exitCode).toBe(1)
  })

  test('exits 5 when only the store is not there, and names the servers that do not answer', async () => {
    const port = await freePort()
    const store = `etcd://127.0.0.1:${port}/lotkeeper`
    const { exitCode, findings } = await examine(
      ...['--store', store, '--port', String(await freePort()), '--session-timeout-ms', '1000'],
    )
    expect(exitCode).toBe(5)
    const details = findings.filter(({ check }) => check === 'store').map(({ detail }) => detail)
    expect(details.join('\n')).toContain(`127.0.0.1:${port} does not answer`)
  })

  test('names a store URL that is none', async () => {
    const { exitCode, of } = await examine('--store', 'redis://x', '--port', '0')
    expect(exitCode).toBe(5)
    expect(of('store')?.detail).toContain('redis://x')
  })

  test('refuses a Node.js that is too old', () => {
    expect(checkNodeVersion('20.18.3')).toMatchObject({ state: 'fail' })
    expect(checkNodeVersion('18.20.0')).toMatchObject({ state: 'fail' })
    expect(checkNodeVersion('20.19.0')).toMatchObject({ state: 'ok' })
    expect(checkNodeVersion('22.3.0')).toMatchObject({ state: 'ok' })
  })
})

describe('store size', () => {
  const etcd = { kind: 'etcd', servers: ['e1:2379', 'e2:2379'] } as const
  const gib = 1024 ** 3
  const size = { keys: 7, bytes: gib, bytesMax: 2 * gib }

  test('is well, then said, then a failure, with what to do', () => {
    expect(storeSizeFinding(etcd, size)).toEqual({
      ...{ check: 'store size', state: 'ok' },
      detail: '1.0 GiB, 7 keys: 50 % of 2.0 GiB',
    })
    const fuller = storeSizeFinding(etcd, { ...size, bytes: 1.3 * gib, bytesReclaimable: gib })
    expect(fuller.state).toBe('warn')
    expect(fuller.detail).toContain('of which 1.0 GiB free')
    expect(fuller.advice).toMatch(/--quota-backend-bytes.*--endpoints e1:2379,e2:2379 defrag/)
    const nearly = storeSizeFinding(etcd, { ...size, bytes: 1.8 * gib })
    expect(nearly.state).toBe('fail')
    expect(nearly.detail).toContain('90 % of 2.0 GiB; nodes refuse new guests and auctions')
  })

  test('says that the store is full, and how to turn its alarm off', () => {
    const full = storeSizeFinding(etcd, { ...size, isFull: true })
    expect(full.state).toBe('fail')
    expect(full.detail).toContain('the store is full')
    expect(full.advice).toContain('alarm disarm')
  })

  test('says what is not known, and how to have it known', () => {
    const zookeeper = { kind: 'zookeeper', servers: ['z1:2181'] } as const
    const counted = { ...size, bytes: null, bytesMax: null }
    expect(storeSizeFinding(zookeeper, counted)).toMatchObject({
      ...{ state: 'skip', detail: '7 keys; bytes not known' },
      advice: expect.stringContaining('mntr') as string,
    })
    expect(storeSizeFinding(zookeeper, { ...size, bytesMax: null })).toMatchObject({
      ...{ state: 'skip', advice: expect.stringContaining('--store-bytes-max') as string },
    })
    const silent = { keys: null, bytes: null, bytesMax: 2 * gib }
    expect(storeSizeFinding(etcd, silent)).toMatchObject({ state: 'skip' })
  })

  test('of an embedded store is that of its file, against what it may hold', async () => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'data', 'data.mdb'), Buffer.alloc(700_000))
    const store = ['--store', `embedded:${folder}/data`, '--port', '0']
    expect((await examine(...store)).of('store size')).toMatchObject({ state: 'ok' })
    const { of, exitCode } = await examine(...store, '--store-bytes-max', String(1024 ** 2))
    expect(of('store size')).toMatchObject({ state: 'warn', detail: '0.7 MiB: 66 % of 1.0 MiB' })
    expect(exitCode).toBe(0)
  })
})

describe('descriptors', () => {
  test('are read as the system tells them', () => {
    const text =
      'Limit  Soft Limit  Hard Limit  Units\nMax open files     1024     4096     files\n'
    expect(openFilesOf(text)).toBe(1_024)
    expect(openFilesOf('Max open files  unlimited  unlimited files')).toBeUndefined()
  })

  test('bound the connections of a node, and leave some for the store', () => {
    expect(fitLimits(protocolLimits, 1_024)).toEqual({
      connectionsPerNodeMax: 768,
      socketsPerNodeMax: 614,
    })
    expect(fitLimits(protocolLimits, 1_048_576)).toEqual({})
    expect(fitLimits(protocolLimits, undefined)).toEqual({})
  })

  test('that are too few are said so, with how to get more', () => {
    expect(checkDescriptors(1_048_576)).toMatchObject({ state: 'ok' })
    expect(checkDescriptors(4_096)).toMatchObject({ state: 'warn' })
    const few = checkDescriptors(1_024)
    expect(few.state).toBe('fail')
    expect(few.detail).toContain('768 connections')
    expect(few.advice).toMatch(/ulimit.*LimitNOFILE/)
  })
})
