import { expect } from 'vitest'
import { OutcomeUnknown, TooLarge } from '../../../src/store/errors.ts'
import { storeLimits, type Store, type Write } from '../../../src/store/store.ts'
import { eventually } from '../../support/eventually.ts'
import type { Promised } from './bench.ts'
import { follow } from './follower.ts'
import { absent, commit, create, fill, listOf, put, win } from './words.ts'

const { valueBytesMax, opsMax, keyBytesMax, watchesMax, ephemeralsMax } = storeLimits

export function limitSuite(promised: Promised): void {
  promised('the limits are the port’s', [], async ({ open }) => {
    expect((await open()).limits).toEqual(storeLimits)
  })

  promised('a value may have 64 KiB and not a byte more', [], async ({ open, root }) => {
    const store = await open()
    const sized = (name: string, byteCount: number): Write => ({
      kind: 'create',
      key: `${root}/${name}`,
      value: new Uint8Array(byteCount).fill(7),
    })
    for (const byteCount of [valueBytesMax - 1, valueBytesMax]) {
      await win(store, [sized(`v${byteCount}`, byteCount)])
      const entry = await store.get(`${root}/v${byteCount}`, { fresh: true })
      expect(entry?.value.byteLength).toBe(byteCount)
    }
    await expect(
      win(store, [create(`${root}/first`), sized('big', valueBytesMax + 1)]),
    ).rejects.toThrow(TooLarge)
    expect(await store.get(`${root}/first`, { fresh: true })).toBeUndefined()
  })

  promised('a commit may have 64 operations and not one more', [], async ({ open, root }) => {
    const store = await open()
    const attempt = (name: string, opCount: number, guardCount: number) =>
      win(
        store,
        Array.from({ length: opCount - guardCount }, (_, index) =>
          create(`${root}/${name}/${index}`),
        ),
        Array.from({ length: guardCount }, (_, index) => absent(`${root}/none/${index}`)),
      )
    await attempt('below', opsMax - 1, 0)
    await attempt('at', opsMax, 0)
    await attempt('mixed', opsMax, 32)
    await expect(attempt('over', opsMax + 1, 0)).rejects.toThrow(TooLarge)
    await expect(attempt('guards', opsMax + 1, opsMax)).rejects.toThrow(TooLarge)
    await listOf(store, `${root}/at`, opsMax)
    expect(await store.list(`${root}/over`)).toEqual([])
    expect(await store.list(`${root}/guards`)).toEqual([])
  })

  promised('one commit carries seven values of 64 KiB among 64 operations', [], async (bench) => {
    const store = await bench.open()
    const value = new Uint8Array(valueBytesMax).fill(9)
    const big = Array.from({ length: 7 }, (_, index): Write => {
      return { kind: 'create', key: `${bench.root}/big/${index}`, value }
    })
    const small = Array.from({ length: opsMax - 7 }, (_, index) =>
      create(`${bench.root}/s/${index}`),
    )
    await win(store, [...big, ...small])
    await listOf(store, `${bench.root}/big`, 7)
    const last = await store.get(`${bench.root}/big/6`, { fresh: true })
    expect(Buffer.compare(last?.value ?? new Uint8Array(), value)).toBe(0)
  })

  promised('a key may have 256 bytes and not one more', [], async ({ open, root }) => {
    const store = await open()
    const longest = `${root}/${'k'.repeat(keyBytesMax - root.length - 1)}`
    await win(store, [create(longest.slice(0, -1)), create(longest)])
    expect(await store.get(longest, { fresh: true })).toBeDefined()
    await expect(win(store, [create(`${longest}k`)])).rejects.toThrow('bad key')
    await expect(store.get(`${longest}k`)).rejects.toThrow('bad key')
    for (const key of ['/a', 'a/', 'a//b', 'a/../b', './a', 'a b', 'a!', '', 'ü']) {
      await expect(win(store, [create(key)])).rejects.toThrow('bad key')
    }
  })

  promised('ephemerals beyond the budget are refused before they are sent', [], async (bench) => {
    const store = await bench.open()
    const { session } = store
    for (let start = 0; start < ephemeralsMax; start += 50) {
      const names = Array.from({ length: 50 }, (_, offset) => `${bench.root}/e/${start + offset}`)
      await win(
        store,
        names.map((key) => create(key, 'x', session)),
      )
    }
    expect(store.health().ephemeralCount).toBe(ephemeralsMax)
    await expect(win(store, [create(`${bench.root}/more`, 'x', session)])).rejects.toThrow(TooLarge)
    await win(store, [{ kind: 'delete', key: `${bench.root}/e/7` }])
    await win(store, [create(`${bench.root}/more`, 'x', session)])
  })

  promised('a watch beyond the budget still tells of changes', [], async ({ open, root }) => {
    const store = await open()
    await fill(store, `${root}/w`, 64)
    await watchBeyondBudget(store, root)
  })

  promised('a caller that gave up before the call sends nothing', [], async ({ open, root }) => {
    const store = await open()
    const signal = AbortSignal.abort(new Error('the caller left'))
    const refusal = store.commit(commit([create(`${root}/a`)]), { signal })
    await expect(refusal).rejects.not.toBeInstanceOf(OutcomeUnknown)
    await expect(store.get(`${root}/a`, { signal, fresh: true })).rejects.toThrow()
    expect(await store.get(`${root}/a`, { fresh: true })).toBeUndefined()
  })
}

async function watchBeyondBudget(store: Store, root: string) {
  const within = Array.from({ length: watchesMax }, (_, index) =>
    follow(store, { key: `${root}/w/${String(index % 64).padStart(4, '0')}` }),
  )
  await eventually(() => within.every(({ rings }) => rings > 0), { withinMs: 20_000 })
  const key = `${root}/w/0001`
  let seen = ''
  const beyond = follow(store, { key }, async () => {
    seen = Buffer.from((await store.get(key))?.value ?? []).toString()
  })
  await eventually(() => beyond.rings > 0)
  expect(store.health().watchCount).toBeLessThanOrEqual(watchesMax)
  await win(store, [put(key, 'changed')])
  await eventually(() => seen === 'changed')
  await Promise.all([beyond, ...within].map((follower) => follower.stop()))
}
