import { expect } from 'vitest'
import type { Store } from '../../../src/store/store.ts'
import type { Promised } from './bench.ts'
import { create, freshly, listOf, put, textOf, unchanged, win } from './words.ts'

export function orderingSuite(promised: Promised): void {
  promised('of two keys the one created later has the greater revision', [], async (bench) => {
    const store = await bench.open()
    let last = -1n
    const lengths = new Set<number>()
    for (let index = 0; index < 120; index++) {
      const key = `${bench.root}/dir/${index}`
      const { revision } = await win(store, [create(key)])
      expect(typeof revision).toBe('bigint')
      expect(revision > last, `${revision} after ${last}`).toBe(true)
      lengths.add(String(revision).length)
      last = revision
    }
    const leaves = await listOf(store, `${bench.root}/dir`, 120, { createRevisions: true })
    const byRevision = [...leaves].sort((a, b) => (a.createRevision! < b.createRevision! ? -1 : 1))
    expect(byRevision.map(({ key }) => key)).toEqual(
      Array.from({ length: 120 }, (_, index) => `${bench.root}/dir/${index}`),
    )
  })

  promised(
    'a fresh read sees every commit that finished before it',
    ['many clients'],
    async (bench) => {
      const [writer, reader] = [await bench.open(), await bench.open()]
      const key = `${bench.root}/leaf`
      await win(writer, [create(key, '0')])
      for (let step = 1; step <= 150; step++) {
        await win(writer, [put(key, String(step))])
        expect(textOf(await freshly(reader, key))).toBe(String(step))
      }
    },
  )

  promised('a client reads its own commits fresh', [], async ({ open, root }) => {
    const store = await open()
    await win(store, [create(`${root}/leaf`, '0')])
    for (let step = 1; step <= 50; step++) {
      await win(store, [put(`${root}/leaf`, String(step))])
      expect(textOf(await freshly(store, `${root}/leaf`))).toBe(String(step))
    }
  })

  promised('a hundred fresh reads at once are all right', ['many clients'], async (bench) => {
    const [writer, reader] = [await bench.open(), await bench.open()]
    const keys = Array.from({ length: 100 }, (_, index) => `${bench.root}/${index}`)
    await win(
      writer,
      keys.slice(0, 50).map((key) => create(key, 'old')),
    )
    await win(
      writer,
      keys.slice(50).map((key) => create(key, 'old')),
    )
    for (let round = 0; round < 5; round++) {
      const text = `round ${round}`
      await win(
        writer,
        keys.slice(0, 50).map((key) => put(key, text)),
      )
      await win(
        writer,
        keys.slice(50).map((key) => put(key, text)),
      )
      const entries = await Promise.all(keys.map((key) => freshly(reader, key)))
      expect(new Set(entries.map(textOf))).toEqual(new Set([text]))
    }
  })

  promised(
    'of two clients that create the same key exactly one wins',
    ['many clients'],
    async (bench) => {
      const clients = [await bench.open(), await bench.open()]
      for (let start = 0; start < 200; start += 20) {
        await Promise.all(
          Array.from({ length: 20 }, async (_, offset) => {
            const key = `${bench.root}/slot/${start + offset}`
            const results = await Promise.all(
              clients.map((client, index) =>
                client.commit({ guards: [], writes: [create(key, String(index))] }),
              ),
            )
            const winners = results.flatMap((result, index) => (result.ok ? [String(index)] : []))
            expect(winners).toHaveLength(1)
            expect(textOf(await freshly(clients[0]!, key))).toBe(winners[0])
          }),
        )
      }
    },
  )

  promised('200 guarded increments by four clients lose none', ['many clients'], async (bench) => {
    const clients = await Promise.all([bench.open(), bench.open(), bench.open(), bench.open()])
    await countUp(clients, `${bench.permanent}/counter`)
  })

  promised('200 guarded increments by four workers of one client lose none', [], async (bench) => {
    const store = await bench.open()
    await countUp([store, store, store, store], `${bench.permanent}/counter`)
  })
}

async function countUp(clients: readonly Store[], key: string) {
  await win(clients[0]!, [create(key, '0')])
  let refusedCount = 0
  const work = async (store: Store) => {
    for (let done = 0; done < 50;) {
      const entry = await freshly(store, key)
      const next = String(Number(textOf(entry)) + 1)
      const result = await store.commit({ guards: [unchanged(entry)], writes: [put(key, next)] })
      if (result.ok) done++
      else refusedCount++
    }
  }
  await Promise.all(clients.map(work))
  expect(textOf(await freshly(clients[0]!, key))).toBe('200')
  expect(refusedCount, 'they should have met').toBeGreaterThan(0)
}
