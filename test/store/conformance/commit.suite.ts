import { expect } from 'vitest'
import type { Promised } from './bench.ts'
import {
  absent,
  create,
  freshly,
  listOf,
  present,
  put,
  refusedBy,
  remove,
  textOf,
  unchanged,
  win,
} from './words.ts'

export function commitSuite(promised: Promised): void {
  guardCases(promised)
  versionCases(promised)
  atomicityCases(promised)
}

function guardCases(promised: Promised) {
  promised('create needs the key absent', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/a`, 'first')])
    expect(await refusedBy(store, [create(`${root}/a`, 'second')])).toEqual([`absent ${root}/a`])
    expect(textOf(await freshly(store, `${root}/a`))).toBe('first')
  })

  promised('put and delete need the key present', [], async ({ open, root }) => {
    const store = await open()
    expect(await refusedBy(store, [put(`${root}/a`, 'x')])).toEqual([`present ${root}/a`])
    expect(await refusedBy(store, [remove(`${root}/a`)])).toEqual([`present ${root}/a`])
    expect(await refusedBy(store, [put(`${root}/no/dir/yet`, 'x')])).toEqual([
      `present ${root}/no/dir/yet`,
    ])
    expect(await store.list(root)).toEqual([])
  })

  promised('guards that hold let a commit through', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/here`)])
    await win(
      store,
      [create(`${root}/new`)],
      [present(`${root}/here`), absent(`${root}/gone`), absent(`${root}/no/such/dir`)],
    )
    expect(await store.get(`${root}/new`, { fresh: true })).toBeDefined()
  })

  promised('a guard may name a key that the same commit writes', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/a`)], [absent(`${root}/a`)])
    await win(store, [put(`${root}/a`, 'y')], [present(`${root}/a`)])
    await win(store, [remove(`${root}/a`)], [present(`${root}/a`)])
    expect(await refusedBy(store, [create(`${root}/a`)], [present(`${root}/a`)])).toEqual([
      `present ${root}/a`,
    ])
  })

  promised('a refusal names every guard that failed', [], async ({ open, root, permanent }) => {
    const store = await open()
    const head = `${permanent}/head`
    const { versions } = await win(store, [create(head), create(`${root}/here`)])
    await win(store, [put(head, 'moved')])
    const failed = await refusedBy(
      store,
      [create(`${root}/here`), put(`${root}/missing`, 'x'), create(`${root}/fine`)],
      [
        unchanged({ key: head, version: versions.get(head)! }),
        present(`${root}/lock`),
        absent(`${root}/here`),
        present(`${root}/here`),
        unchanged({ key: `${permanent}/never`, version: versions.get(head)! }),
      ],
    )
    expect(failed).toEqual(
      [
        `absent ${root}/here`,
        `present ${root}/lock`,
        `present ${root}/missing`,
        `unchanged ${head}`,
        `unchanged ${permanent}/never`,
      ].sort(),
    )
    expect(await store.get(`${root}/fine`, { fresh: true })).toBeUndefined()
  })
}

function versionCases(promised: Promised) {
  promised('the first version of a key is guarded like any other', [], async (bench) => {
    const store = await bench.open()
    const key = `${bench.permanent}/head`
    const created = await win(store, [create(key, 'one')])
    const first = { key, version: created.versions.get(key)! }
    expect((await freshly(store, key)).version).toBe(first.version)
    await win(store, [put(key, 'two')], [unchanged(first)])
    expect(await refusedBy(store, [put(key, 'three')], [unchanged(first)])).toEqual([
      `unchanged ${key}`,
    ])
    expect(await refusedBy(store, [create(`${bench.root}/x`)], [unchanged(first)])).toEqual([
      `unchanged ${key}`,
    ])
    expect(textOf(await freshly(store, key))).toBe('two')
  })

  promised('an unchanged guard on a key that is not written holds too', [], async (bench) => {
    const store = await bench.open()
    const key = `${bench.permanent}/head`
    const created = await win(store, [create(key, 'one')])
    const first = { key, version: created.versions.get(key)! }
    await win(store, [create(`${bench.root}/x`)], [unchanged(first)])
    await win(store, [put(key, 'one')])
    expect(await refusedBy(store, [create(`${bench.root}/y`)], [unchanged(first)])).toEqual([
      `unchanged ${key}`,
    ])
  })

  promised('a chain of guarded puts never trips over its own version', [], async (bench) => {
    const store = await bench.open()
    const key = `${bench.permanent}/head`
    let { versions } = await win(store, [create(key, '0')])
    for (let step = 1; step <= 30; step++) {
      const before = { key, version: versions.get(key)! }
      versions = (await win(store, [put(key, String(step))], [unchanged(before)])).versions
      expect(await refusedBy(store, [put(key, 'late')], [unchanged(before)])).toEqual([
        `unchanged ${key}`,
      ])
    }
    expect(textOf(await freshly(store, key))).toBe('30')
  })

  promised('unchanged is only for keys that are never deleted', [], async ({ open, root }) => {
    const store = await open()
    const { versions } = await win(store, [create(`${root}/a`)])
    const entry = { key: `${root}/a`, version: versions.get(`${root}/a`)! }
    await expect(win(store, [put(`${root}/a`, 'x')], [unchanged(entry)])).rejects.toThrow(
      'assertion',
    )
  })
}

function atomicityCases(promised: Promised) {
  promised('nothing of a refused commit is visible', [], async ({ open, root, permanent }) => {
    const store = await open()
    await win(store, [
      create(`${root}/a`, 'old'),
      create(`${root}/b`, 'old'),
      create(`${permanent}/c`),
    ])
    await refusedBy(store, [
      put(`${root}/a`, 'new'),
      remove(`${root}/b`),
      put(`${permanent}/c`, 'new'),
      create(`${root}/d/deep`),
      create(`${root}/a2`),
      put(`${root}/missing`, 'x'),
    ])
    expect(textOf(await freshly(store, `${root}/a`))).toBe('old')
    expect(textOf(await freshly(store, `${root}/b`))).toBe('old')
    expect(textOf(await freshly(store, `${permanent}/c`))).toBe('x')
    expect(await store.get(`${root}/d/deep`, { fresh: true })).toBeUndefined()
    const leaves = await listOf(store, root, 2)
    expect(leaves.map(({ key }) => key).sort()).toEqual([`${root}/a`, `${root}/b`])
    expect(await store.get(`${root}/a2`, { fresh: true })).toBeUndefined()
  })

  promised('one commit creates, puts and deletes at one revision', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/old`), create(`${root}/kept`, 'one')])
    const { revision, versions } = await win(store, [
      remove(`${root}/old`),
      put(`${root}/kept`, 'two'),
      create(`${root}/new/a`),
      create(`${root}/new/b`),
    ])
    expect([...versions.keys()].sort()).toEqual([`${root}/kept`, `${root}/new/a`, `${root}/new/b`])
    for (const name of ['a', 'b']) {
      const entry = await freshly(store, `${root}/new/${name}`)
      expect(entry).toMatchObject({ createRevision: revision, version: versions.get(entry.key) })
    }
    expect(await store.get(`${root}/old`, { fresh: true })).toBeUndefined()
  })

  promised('two keys moved together are never seen apart', ['many clients'], async (bench) => {
    const [writer, reader] = [await bench.open(), await bench.open()]
    const [left, right] = [`${bench.root}/left`, `${bench.root}/right`]
    await win(writer, [create(left, '0'), create(right, '0')])
    const writing = (async () => {
      for (let step = 1; step <= 60; step++) {
        await win(writer, [put(left, String(step)), put(right, String(step))])
      }
    })()
    for (let look = 0; look < 60; look++) {
      const before = Number(textOf(await freshly(reader, left)))
      const after = Number(textOf(await freshly(reader, right)))
      expect(after).toBeGreaterThanOrEqual(before)
    }
    await writing
  })

  promised('a key written twice in one commit is the caller’s bug', [], async ({ open, root }) => {
    const store = await open()
    await expect(win(store, [create(`${root}/a`), put(`${root}/a`, 'x')])).rejects.toThrow('twice')
    await expect(win(store, [])).rejects.toThrow('assertion')
    expect(await store.get(`${root}/a`, { fresh: true })).toBeUndefined()
  })
}
