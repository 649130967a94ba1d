import { must } from '../../../src/lib/assert.ts'
import { sleep } from '../../../src/lib/clock.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import type { Pace } from '../pace.ts'
import { openRawStores } from './open-raw-stores.ts'
import type { RawStore } from './raw-store.ts'

interface Head {
  readonly store: RawStore
  readonly number: number
  version: string
  slot: number
}

const makeAtOnce = 64

/**
 * What the store alone can do: guarded commits of the same shape and size as a bid's, by the client library, each key's one
 * after the other.
 */
export async function openRawCommits(options: {
  url: string
  connections: number
  keys: number
  headBytes: number
  slotBytes: number
}) {
  const stores = await openRawStores(options.url, options.connections)
  const headValue = Buffer.alloc(options.headBytes, 'h')
  const slotValue = Buffer.alloc(options.slotBytes, 's')
  await stores[0]?.prepare(['head/raw', 'log/raw', 'locks/raw'])
  const present = 'locks/raw/held'
  await stores[0]?.create(present, Buffer.alloc(0))
  const waiting: Head[] = []
  for (let at = 0; at < options.keys; at += makeAtOnce) {
    const numbers = Array.from(
      { length: Math.min(makeAtOnce, options.keys - at) },
      (_, n) => at + n,
    )
    const made = numbers.map(async (number): Promise<Head> => {
      const store = must(stores[number % stores.length], 'connection')
      return { store, number, version: await store.create(keyOf(number), headValue), slot: 0 }
    })
    waiting.push(...(await Promise.all(made)))
  }

  const commit = async (head: Head) => {
    head.version = await head.store.append({
      present,
      head: { key: keyOf(head.number), version: head.version, value: headValue },
      slot: { key: `log/raw/${head.number}-${++head.slot}`, value: slotValue },
    })
  }
  return {
    /** `width` commits are under way at once, on as many different keys. */
    async commit(order: { ms: number; width: number; everyMs?: number }): Promise<Pace> {
      const latenciesMs: number[] = []
      const startMs = performance.now()
      const loop = async () => {
        for (let dueMs = startMs; performance.now() < startMs + order.ms;) {
          const head = must(waiting.shift(), 'key that is free')
          const sentMs = performance.now()
          await commit(head)
          latenciesMs.push(performance.now() - sentMs)
          waiting.push(head)
          dueMs += order.everyMs ?? 0
          if (dueMs - performance.now() > 1) await sleep(systemClock, dueMs - performance.now())
        }
      }
      await Promise.all(Array.from({ length: order.width }, loop))
      const tookMs = performance.now() - startMs
      return { count: latenciesMs.length, tookMs, latenciesMs: Float64Array.from(latenciesMs) }
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}

function keyOf(number: number): string {
  return `head/raw/${number}`
}
