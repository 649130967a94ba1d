import { expect } from 'vitest'
import { eventually } from '../../support/eventually.ts'
import type { Bench, Promised } from './bench.ts'
import { follow } from './follower.ts'
import { create, put, remove, textOf, win } from './words.ts'

export function watchSuite(promised: Promised): void {
  keyCases(promised)
  directoryCases(promised)
  breakCases(promised)
}

function keyCases(promised: Promised) {
  promised('a watch rings once it is armed, there or not', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/there`)])
    const followers = [
      follow(store, { key: `${root}/there` }),
      follow(store, { key: `${root}/not/there/yet` }),
      follow(store, { dir: root }),
      follow(store, { dir: `${root}/no/dir` }),
    ]
    await eventually(() => followers.every(({ rings }) => rings >= 1))
    await Promise.all(followers.map((follower) => follower.stop()))
  })

  promised('a watched key rings when it comes, changes and goes', [], async ({ open, root }) => {
    const store = await open()
    const key = `${root}/not/yet/leaf`
    const seen: (string | undefined)[] = []
    const follower = follow(store, { key }, async () => {
      seen.push(textOf(await store.get(key, { fresh: true })))
    })
    await eventually(() => seen.length > 0)
    for (const text of ['one', 'two', undefined, 'again']) {
      if (text === undefined) await win(store, [remove(key)])
      else await win(store, [text === 'two' ? put(key, text) : create(key, text)])
      await eventually(() => seen.at(-1) === text, { what: `a ring for ${text ?? 'the deletion'}` })
    }
    await follower.stop()
  })

  promised('who reads on every ring ends with the last of 300 quick changes', [], async (bench) => {
    const store = await bench.open()
    const key = `${bench.permanent}/leaf`
    await win(store, [create(key, '0')])
    const followers = await Promise.all(
      [store, await another(bench, store)].map(async (client) => {
        const seen: number[] = []
        const follower = follow(client, { key }, async () => {
          seen.push(Number(textOf(await client.get(key))))
        })
        await eventually(() => seen.length > 0)
        return { seen, follower }
      }),
    )
    for (let step = 1; step <= 300; step++) await win(store, [put(key, String(step))])
    for (const { seen, follower } of followers) {
      await eventually(() => seen.at(-1) === 300)
      expect(seen).toEqual([...seen].sort((a, b) => a - b))
      await follower.stop()
    }
  })

  promised('a watch ends with its signal and with its store', [], async ({ open, root }) => {
    const store = await open()
    const first = follow(store, { key: `${root}/a` })
    const second = follow(store, { dir: root })
    await eventually(() => first.rings > 0 && second.rings > 0)
    await first.stop()
    expect(first.hasEnded).toBe(true)
    await win(store, [create(`${root}/a`)])
    await eventually(() => second.rings > 1)
    expect(first.rings).toBe(1)
    await store.close()
    await eventually(() => second.hasEnded)
  })

  promised('many watches of one key all ring', [], async ({ open, root }) => {
    const store = await open()
    const followers = Array.from({ length: 20 }, () => follow(store, { key: `${root}/a` }))
    await eventually(() => followers.every(({ rings }) => rings >= 1))
    await followers[0]!.stop()
    const before = followers.map(({ rings }) => rings)
    await win(store, [create(`${root}/a`)])
    await eventually(() =>
      followers.every(({ rings }, index) => index === 0 || rings > before[index]!),
    )
    await Promise.all(followers.map((follower) => follower.stop()))
  })
}

function directoryCases(promised: Promised) {
  promised('a watched directory rings when a leaf comes or goes', [], async ({ open, root }) => {
    const store = await open()
    const dir = `${root}/late/dir`
    let names: string[] = ['unread']
    const follower = follow(store, { dir }, async () => {
      names = (await store.list(dir)).map(({ key }) => key.slice(dir.length + 1)).sort()
    })
    const sees = (...wanted: string[]) => eventually(() => names.join() === wanted.join())
    await sees()
    await win(store, [create(`${dir}/a`)])
    await sees('a')
    await win(store, [create(`${dir}/b`), create(`${dir}/c`)])
    await sees('a', 'b', 'c')
    await win(store, [remove(`${dir}/a`), create(`${dir}/d`)])
    await sees('b', 'c', 'd')
    await win(store, [remove(`${dir}/b`), remove(`${dir}/c`), remove(`${dir}/d`)])
    await sees()
    await win(store, [create(`${dir}/e`)])
    await sees('e')
    await follower.stop()
  })

  promised('a watched directory misses none of 200 leaves', ['many clients'], async (bench) => {
    const [writer, reader] = [await bench.open(), await bench.open()]
    let count = -1
    const follower = follow(reader, { dir: `${bench.root}/dir` }, async () => {
      count = (await reader.list(`${bench.root}/dir`)).length
    })
    await eventually(() => count === 0)
    for (let index = 0; index < 200; index++)
      await win(writer, [create(`${bench.root}/dir/${index}`)])
    await eventually(() => count === 200)
    await follower.stop()
  })
}

function breakCases(promised: Promised) {
  promised(
    'a change made during a silence is seen after it',
    ['silence', 'many clients'],
    async (bench) => {
      const [store, other] = [await bench.open(), await bench.open()]
      const watched = await watchBoth(bench, store)
      await bench.silence(store)
      await win(other, [put(watched.key, 'changed'), create(`${bench.root}/dir/new`)])
      await eventually(() => store.session.state === 'suspended')
      await bench.heal(store)
      await watched.sees('changed', 2)
      await watched.stop()
    },
  )

  promised(
    'a silence too short to suspend loses no ring',
    ['silence', 'many clients'],
    async (bench) => {
      const [store, other] = [await bench.open(), await bench.open()]
      const watched = await watchBoth(bench, store)
      await bench.silence(store)
      await win(other, [put(watched.key, 'changed'), create(`${bench.root}/dir/new`)])
      await bench.heal(store)
      await watched.sees('changed', 2)
      await watched.stop()
    },
  )

  promised(
    'watches live on in the session after a lost one',
    ['expire', 'many clients'],
    async (bench) => {
      const [store, other] = [await bench.open(), await bench.open()]
      const watched = await watchBoth(bench, store)
      const { session } = store
      await bench.expire(store)
      await win(other, [put(watched.key, 'meanwhile')])
      await eventually(() => store.session !== session && store.session.state === 'serving')
      await watched.sees('meanwhile', 1)
      await win(other, [put(watched.key, 'after'), create(`${bench.root}/dir/new`)])
      await watched.sees('after', 2)
      await watched.stop()
    },
  )
}

/** A second client where the backend has one. */
const another = (bench: Bench, store: Awaited<ReturnType<Bench['open']>>) =>
  bench.manifest.lacks['many clients'] === undefined ? bench.open() : store

async function watchBoth(bench: Bench, store: Awaited<ReturnType<Bench['open']>>) {
  const key = `${bench.root}/leaf`
  const dir = `${bench.root}/dir`
  await win(store, [create(key, 'before'), create(`${dir}/one`)])
  let text: string | undefined
  let count = 0
  const onKey = follow(store, { key }, async () => {
    text = textOf(await store.get(key))
  })
  const onDirectory = follow(store, { dir }, async () => {
    count = (await store.list(dir)).length
  })
  const sees = (wantedText: string, wantedCount: number) =>
    eventually(() => text === wantedText && count === wantedCount)
  await sees('before', 1)
  return { key, sees, stop: () => Promise.all([onKey.stop(), onDirectory.stop()]) }
}
