import { existsSync, linkSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { FolderInUse, holdFolder } from '../../src/store/embedded/folder-hold.ts'
import { create, freshly, put, textOf, win } from './conformance/words.ts'
import { openEmbedded } from './embedded-open.ts'

let base: string
let folder: string

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'lotkeeper-embedded-'))
  folder = join(base, 'data')
})
afterEach(() => rmSync(base, { recursive: true, force: true }))

describe('a folder has one holder', () => {
  test('a second store of one process is refused, until the first is closed', async () => {
    const first = await openEmbedded(folder)
    await expect(openEmbedded(folder)).rejects.toThrow(FolderInUse)
    await expect(openEmbedded(folder)).rejects.toThrow(`process ${process.pid}`)
    await first.close()
    await (await openEmbedded(folder)).close()
  })

  test('a folder whose path is longer than a socket’s address is held just the same', async () => {
    folder = join(base, 'long'.repeat(30), 'data')
    const first = await openEmbedded(folder)
    await win(first, [create('a')])
    await expect(openEmbedded(folder)).rejects.toThrow(FolderInUse)
    await first.close()
    expect(existsSync(join(folder, 'in-use.sock'))).toBe(false)
    await leaveStaleSocket(folder)
    await (await openEmbedded(folder)).close()
  })

  test('of many that find a stale socket at once exactly one gets the folder', async () => {
    mkdirSync(folder)
    for (let round = 0; round < 5; round++) {
      await leaveStaleSocket(folder)
      const tries = await Promise.allSettled(
        Array.from({ length: 8 }, () => holdFolder(folder, systemClock)),
      )
      const holds = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
      expect(holds).toHaveLength(1)
      holds[0]!.release()
    }
  })

  test('a folder that cannot be made is told plainly', async () => {
    writeFileSync(folder, 'a file')
    await expect(openEmbedded(join(folder, 'below'))).rejects.toThrow(folder)
  })
})

describe('what a folder keeps', () => {
  test('leaves, versions and revisions survive; ephemerals do not', async () => {
    const first = await openEmbedded(folder)
    expect(first.wasCleanStop).toBe(true)
    const { versions, revision } = await win(first, [
      create('perm/head', 'one'),
      create('dir/a', 'kept'),
      create('dir/mine', 'gone', first.session),
    ])
    await first.close()
    const second = await openEmbedded(folder)
    expect(second.wasCleanStop).toBe(true)
    expect(second.session.id).not.toBe(first.session.id)
    expect(await second.list('dir')).toEqual([{ key: 'dir/a' }])
    const head = await freshly(second, 'perm/head')
    expect(head).toMatchObject({ version: versions.get('perm/head'), createRevision: revision })
    const guards = [{ kind: 'unchanged', key: head.key, version: head.version } as const]
    const later = await win(second, [put('perm/head', 'two'), create('dir/b')], guards)
    expect(later.revision).toBeGreaterThan(revision)
    await second.close()
  })

  test('revisions of ephemerals are not given again', async () => {
    let last = 0n
    for (let round = 0; round < 3; round++) {
      const store = await openEmbedded(folder)
      const { revision } = await win(store, [create('locks/me', 'x', store.session)])
      expect(revision).toBeGreaterThan(last)
      last = revision
      await store.close()
    }
  })

  test('an ephemeral may give way to a lasting leaf of its name, and the reverse', async () => {
    const store = await openEmbedded(folder)
    const { session } = store
    await win(store, [create('dir/a', 'short', session), create('dir/b', 'long')])
    await Promise.all([
      win(store, [{ kind: 'delete', key: 'dir/a' }]),
      win(store, [create('dir/a', 'long')]),
      win(store, [{ kind: 'delete', key: 'dir/b' }]),
      win(store, [create('dir/b', 'short', session)]),
    ])
    expect(textOf(await store.get('dir/a'))).toBe('long')
    expect(textOf(await store.get('dir/b'))).toBe('short')
    expect((await store.list('dir')).map(({ key }) => key).sort()).toEqual(['dir/a', 'dir/b'])
    await store.close()
    const next = await openEmbedded(folder)
    expect((await next.list('dir')).map(({ key }) => key)).toEqual(['dir/a'])
    await next.close()
  })

  test('commits that come together share a sync, and each is decided on those before it', async () => {
    let syncCount = 0
    const metrics = {
      ...silentMetrics,
      observe: (name: string) => void (syncCount += name === 'store_sync_seconds' ? 1 : 0),
    }
    const store = await openEmbedded(folder, { metrics })
    const results = await Promise.all(
      Array.from({ length: 400 }, (_, index) =>
        store.commit({ guards: [], writes: [create(`dir/${index % 200}`, String(index))] }),
      ),
    )
    expect(results.map(({ ok }) => ok)).toEqual(results.map((_, index) => index < 200))
    expect(syncCount).toBeLessThan(10)
    await store.close()
  })

  test('the file grows under the hands of readers', async () => {
    const store = await openEmbedded(folder)
    const value = new Uint8Array(64 * 1024).fill(5)
    for (let round = 0; round < 60; round++) {
      const committing = store.commit({
        guards: [],
        writes: Array.from({ length: 4 }, (_, index) => {
          return { kind: 'create', key: `big/${round}-${index}`, value } as const
        }),
      })
      if (round > 0) expect((await store.get(`big/${round - 1}-3`))?.value[65_535]).toBe(5)
      await committing
    }
    expect(await store.list('big')).toHaveLength(240)
    await store.close()
  })
})

/** As a killed process leaves it: a socket in the folder that nobody listens on. */
async function leaveStaleSocket(folderPath: string) {
  const server = createServer()
  const path = join(base, `s${Math.random()}`)
  await new Promise<void>((resolve) => server.listen(path, resolve))
  linkSync(path, join(folderPath, 'in-use.sock'))
  await new Promise((resolve) => server.close(resolve))
}
