import { expect, test } from 'vitest'
import { createDeferred, type Deferred } from '../../../src/lib/deferred.ts'
import { createBarrier } from '../../../src/store/zookeeper/barrier.ts'
import type { Connection } from '../../../src/store/zookeeper/connection.ts'
import { eventually } from '../../support/eventually.ts'

function bench() {
  const sent: string[] = []
  const writes: Deferred<undefined>[] = []
  const barrier = createBarrier({
    connected: async () => ({}) as Connection,
    write() {
      sent.push('write')
      const write = createDeferred<undefined>()
      writes.push(write)
      return write.promise
    },
  })
  const read = (name: string) =>
    barrier.behind(async () => {
      sent.push(name)
      return name
    })
  return { sent, writes, read }
}

test('reads go out right behind the write, and are told when it is through', async () => {
  const { sent, writes, read } = bench()
  let told: string | undefined
  const reading = read('a').then((value) => (told = value))
  await eventually(() => sent.length === 2)
  expect(sent).toEqual(['write', 'a'])
  expect(told).toBeUndefined()
  writes[0]!.resolve(undefined)
  await reading
  expect(told).toBe('a')
})

test('who asks while a barrier is under way shares the next one', async () => {
  const { sent, writes, read } = bench()
  const first = read('a')
  await eventually(() => sent.includes('a'))
  const later = Promise.all(['b', 'c', 'd'].map(read))
  writes[0]!.resolve(undefined)
  await first
  await eventually(() => sent.includes('d'))
  expect(sent).toEqual(['write', 'a', 'write', 'b', 'c', 'd'])
  writes[1]!.resolve(undefined)
  await expect(later).resolves.toEqual(['b', 'c', 'd'])
})

test('a write that failed fails its reads, and not the next ones', async () => {
  const { sent, writes, read } = bench()
  const first = read('a')
  await eventually(() => sent.includes('a'))
  writes[0]!.reject(new Error('no answer'))
  await expect(first).rejects.toThrow('no answer')
  const next = read('b')
  await eventually(() => writes.length === 2)
  writes[1]!.resolve(undefined)
  await expect(next).resolves.toBe('b')
})
