import { describe, expect, test } from 'vitest'
import { askFourLetters } from '../../src/ensemble/four-letters.ts'
import { storeLimits, type Store } from '../../src/store/store.ts'
import { findBackend } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'
import { told } from '../support/naive-zookeeper.ts'
import { setTrapStage } from './zookeeper-trap-stage.ts'
import { follow } from './conformance/follower.ts'
import { create, fill, put, win } from './conformance/words.ts'

const backend = await findBackend('zookeeper', { size: 1 })

/** Each trap twice: what the library does to those who use it as it comes, and that the store does not. */
describe.skipIf(backend === undefined)('traps of node-zookeeper-client’s watches', () => {
  const stage = setTrapStage(backend)

  describe('more watches than one packet holds', () => {
    test('the library never gets back in', { timeout: 60_000 }, async () => {
      const proxy = await stage.proxied()
      const client = await stage.naive(proxy.port, 10_000)
      const long = 'w'.repeat(90)
      await Promise.all(
        Array.from({ length: 12_000 }, (_, index) => {
          const path = `/${long}${index}`
          return told((back) => client.exists(path, () => undefined, back))
        }),
      )
      let connectedCount = 0
      client.on('connected', () => connectedCount++)
      proxy.cut()
      proxy.heal()
      await eventually(() => connectedCount > 5, { withinMs: 20_000 })
    })

    test('the store watches within its budget, polls beyond, and misses nothing', async () => {
      const { store, proxy } = await stage.ours()
      const other = await stage.ours()
      const dir = stage.fresh()
      const total = storeLimits.watchesMax + 100
      await fill(store, dir, total)
      const keys = Array.from({ length: total }, (_, at) => `${dir}/${String(at).padStart(4, '0')}`)
      const rings = followAll(store, keys)
      await eventually(() => rings.every((count) => count() > 0), { withinMs: 20_000 })
      expect(store.health().watchCount).toBe(storeLimits.watchesMax)
      const [first, last] = [0, total - 1]
      for (const at of [first, last]) {
        const before = rings[at]!()
        await win(other.store, [put(keys[at]!, 'changed')])
        await eventually(() => rings[at]!() > before)
      }
      const before = rings.map((count) => count())
      proxy.cut()
      await win(other.store, [put(keys[first]!, 'during'), put(keys[last]!, 'the cut')])
      proxy.heal()
      const isRung = (at: number) => rings[at]!() > before[at]!
      await eventually(() => keys.slice(0, storeLimits.watchesMax).every((_, at) => isRung(at)))
      await eventually(() => isRung(last))
      expect(proxy.connectionCount).toBe(1)
    })
  })

  describe('a watch that nobody wants any more', () => {
    test('the library leaves it at the server', async () => {
      const before = await watchesAt(stage.server)
      const client = await stage.naive()
      for (let index = 0; index < 50; index++) {
        await told((back) => client.exists(`/${stage.fresh()}`, () => undefined, back))
      }
      expect(await watchesAt(stage.server)).toBe(before + 50)
    })

    test('the store takes it back', async () => {
      const { store } = await stage.ours()
      const before = await watchesAt(stage.server)
      const dir = stage.fresh()
      const followers = Array.from({ length: 50 }, (_, index) =>
        follow(store, index % 2 === 0 ? { key: `${dir}/${index}` } : { dir: `${dir}/${index}` }),
      )
      await eventually(() => followers.every(({ rings }) => rings > 0))
      expect(await watchesAt(stage.server)).toBe(before + 50)
      await Promise.all(followers.map((follower) => follower.stop()))
      await eventually(async () => (await watchesAt(stage.server)) === before)
      expect(store.health().watchCount).toBe(0)
      // And it can be wanted again.
      const again = follow(store, { key: `${dir}/0` })
      await eventually(() => again.rings > 0)
      await win(store, [create(`${dir}/0`)])
      await eventually(() => again.rings > 1)
      await again.stop()
    })
  })
})

function followAll(store: Store, keys: readonly string[]): (() => number)[] {
  return keys.map((key) => {
    const follower = follow(store, { key })
    return () => follower.rings
  })
}

async function watchesAt(server: { host: string; port: number }): Promise<number> {
  const answer = await askFourLetters({ ...server, word: 'mntr', withinMs: 2_000 })
  return Number(/^zk_watch_count\t(\d+)/m.exec(answer)?.[1])
}
