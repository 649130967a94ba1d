import { expect } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import type { Promised } from './bench.ts'
import { create, fill, freshly, listOf, put, remove, textOf, win } from './words.ts'

export function kvSuite(promised: Promised): void {
  promised('a key that nobody created reads as undefined', [], async ({ open, root }) => {
    const store = await open()
    expect(await store.get(`${root}/nothing`)).toBeUndefined()
    expect(await store.get(`${root}/nothing/below`, { fresh: true })).toBeUndefined()
  })

  promised('a directory is not a leaf', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/dir/leaf`)])
    expect(await store.get(`${root}/dir`, { fresh: true })).toBeUndefined()
    expect(await store.get(root, { fresh: true })).toBeUndefined()
  })

  promised('a created leaf reads back as written and as reported', [], async ({ open, root }) => {
    const store = await open()
    const key = `${root}/leaf`
    const { revision, versions } = await win(store, [create(key, 'hammer')])
    const entry = await freshly(store, key)
    expect(textOf(entry)).toBe('hammer')
    expect(entry).toMatchObject({ key, createRevision: revision, version: versions.get(key) })
  })

  promised('every byte and no byte survive', [], async ({ open, root }) => {
    const store = await open()
    const all = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    await win(store, [
      { kind: 'create', key: `${root}/all`, value: all },
      { kind: 'create', key: `${root}/empty`, value: new Uint8Array(0) },
    ])
    expect([...(await freshly(store, `${root}/all`)).value]).toEqual([...all])
    expect((await freshly(store, `${root}/empty`)).value.byteLength).toBe(0)
  })

  promised(
    'the caller may reuse its buffer, and the reader its own',
    [],
    async ({ open, root }) => {
      const store = await open()
      const value = Buffer.from('first')
      const committing = store.commit({
        guards: [],
        writes: [{ kind: 'create', key: `${root}/leaf`, value }],
      })
      await committing
      value.fill('?')
      const entry = await freshly(store, `${root}/leaf`)
      entry.value.fill(0)
      expect(textOf(await freshly(store, `${root}/leaf`))).toBe('first')
    },
  )

  promised(
    'a put changes value and version, not the createRevision',
    [],
    async ({ open, root }) => {
      const store = await open()
      const key = `${root}/leaf`
      const created = await win(store, [create(key, 'one')])
      const seen = new Set([created.versions.get(key)])
      for (const text of ['two', 'three', 'three']) {
        const { revision, versions } = await win(store, [put(key, text)])
        const entry = await freshly(store, key)
        expect(textOf(entry)).toBe(text)
        expect(entry.version).toBe(versions.get(key))
        expect(entry.createRevision).toBe(created.revision)
        expect(revision).toBeGreaterThan(created.revision)
        seen.add(entry.version)
      }
      expect(seen.size).toBe(4)
    },
  )

  promised('a deleted leaf is gone and may be created again', [], async ({ open, root }) => {
    const store = await open()
    const key = `${root}/leaf`
    const first = await win(store, [create(key, 'one')])
    const gone = await win(store, [remove(key)])
    expect(gone.versions.has(key)).toBe(false)
    expect(await store.get(key, { fresh: true })).toBeUndefined()
    const second = await win(store, [create(key, 'two')])
    expect(second.revision).toBeGreaterThan(first.revision)
    expect((await freshly(store, key)).createRevision).toBe(second.revision)
  })

  promised('a list holds the direct leaves and nothing else', [], async ({ open, root }) => {
    const store = await open()
    const mine = [`${root}/dir/a`, `${root}/dir/b~1`, `${root}/dir/B.2_3-4`]
    const others = [
      `${root}/dir/deep/c`,
      `${root}/dir/deep/er/d`,
      `${root}/dir2/e`,
      `${root}/dir-/f`,
      `${root}/di`,
    ]
    await win(
      store,
      [...mine, ...others].map((key) => create(key)),
    )
    const leaves = await listOf(store, `${root}/dir`, mine.length)
    expect(leaves.map(({ key }) => key).sort()).toEqual([...mine].sort())
    expect(await store.list(`${root}/absent`)).toEqual([])
    expect(await store.list(`${root}/di`)).toEqual([])
  })

  promised('a list tells createRevisions when asked', [], async ({ open, root }) => {
    const store = await open()
    const revisions = new Map<string, bigint>()
    for (const name of ['c', 'a', 'b']) {
      const { revision } = await win(store, [create(`${root}/dir/${name}`)])
      revisions.set(`${root}/dir/${name}`, revision)
    }
    await win(store, [put(`${root}/dir/a`, 'changed')])
    const leaves = await listOf(store, `${root}/dir`, 3, { createRevisions: true })
    for (const leaf of leaves) expect(leaf.createRevision).toBe(revisions.get(leaf.key))
  })

  promised('a list of 5,000 leaves is complete', [], async ({ open, root }) => {
    const store = await open()
    await fill(store, `${root}/dir`, 5_000)
    const leaves = await listOf(store, `${root}/dir`, 5_000, { createRevisions: true })
    expect(new Set(leaves.map(({ key }) => key)).size).toBe(5_000)
    expect(await listOf(store, `${root}/dir`, 5_000)).not.toHaveProperty('0.createRevision')
    expect(leaves.every((leaf) => typeof leaf.createRevision === 'bigint')).toBe(true)
  })

  promised('a list skips what vanishes meanwhile', [], async ({ open, root }) => {
    const store = await open()
    await fill(store, `${root}/dir`, 50)
    let isChurning = true
    const churn = async () => {
      for (let round = 0; isChurning; round++) {
        const key = `${root}/dir/${String(round % 50).padStart(4, '0')}`
        await win(store, [remove(key)])
        await win(store, [create(key)])
      }
    }
    const churning = churn()
    try {
      await eventually(async () => (await store.list(`${root}/dir`)).length >= 45)
      for (let look = 0; look < 30; look++) {
        const leaves = await store.list(`${root}/dir`, { createRevisions: true })
        expect(leaves.length).toBeLessThanOrEqual(50)
        expect(leaves.every((leaf) => typeof leaf.createRevision === 'bigint')).toBe(true)
        expect(new Set(leaves.map(({ key }) => key)).size).toBe(leaves.length)
      }
    } finally {
      isChurning = false
      await churning
    }
  })

  promised('reads that are asked at once are each answered', [], async ({ open, root }) => {
    const store = await open()
    await fill(store, `${root}/dir`, 60)
    const reads = Array.from({ length: 60 }, async (_, index) => {
      const key = `${root}/dir/${String(index).padStart(4, '0')}`
      const fresh = index % 2 === 0
      const [entry, leaves, nothing] = await Promise.all([
        store.get(key, { fresh }),
        store.list(`${root}/dir`),
        store.get(`${key}-not`, { fresh }),
      ])
      // A plain read may be old.
      if (fresh) expect(entry?.version).toBe((await freshly(store, key)).version)
      expect(entry?.key ?? key).toBe(key)
      expect(leaves.every((leaf) => leaf.key.startsWith(`${root}/dir/`))).toBe(true)
      expect(leaves.length).toBeLessThanOrEqual(60)
      expect(nothing).toBeUndefined()
    })
    await Promise.all(reads)
    await eventually(async () => (await store.list(`${root}/dir`)).length === 60)
  })

  promised(
    'a plain read sees another client’s commit in the end',
    ['many clients'],
    async (bench) => {
      const [writer, reader] = [await bench.open(), await bench.open()]
      await win(writer, [create(`${bench.root}/leaf`, 'seen')])
      await eventually(async () => textOf(await reader.get(`${bench.root}/leaf`)) === 'seen')
    },
  )
}
