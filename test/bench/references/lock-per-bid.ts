import { must } from '../../../src/lib/assert.ts'
import type { Pace } from '../pace.ts'
import { openRawStores } from './open-raw-stores.ts'

const key = 'head/recipe/auction'
const directory = 'locks/recipe'

interface Auction {
  readonly bidCount: number
  readonly standing: number
  /** So that it is as large as a head of ours. */
  readonly rest: string
}

/**
 * The recipe as it stands in the books: each bid acquires the auction's lock in a fair queue, reads, decides, writes, releases.
 * The same count of connections as there are nodes; every bidder queues for itself.
 */
export async function openLockPerBid(options: {
  url: string
  connections: number
  bidders: number
  bytes: number
}) {
  const stores = await openRawStores(options.url, options.connections)
  const first: Auction = { bidCount: 0, standing: 0, rest: 'x'.repeat(options.bytes) }
  await stores[0]?.prepare(['head/recipe', directory])
  await stores[0]?.create(key, encode(first))

  const place = async (bidder: number): Promise<void> => {
    const store = must(stores[bidder % stores.length], 'connection')
    const release = await store.acquire(directory)
    try {
      const { value, version } = await store.read(key)
      const before = JSON.parse(value.toString()) as Auction
      const after: Auction = {
        ...before,
        bidCount: before.bidCount + 1,
        standing: before.standing + 1,
      }
      await store.put(key, encode(after), version)
    } finally {
      await release()
    }
  }
  return {
    async bid({ ms }: { ms: number }): Promise<Pace> {
      const latenciesMs: number[] = []
      const startMs = performance.now()
      const loops = Array.from({ length: options.bidders }, async (_, bidder) => {
        while (performance.now() < startMs + ms) {
          const sentMs = performance.now()
          await place(bidder)
          latenciesMs.push(performance.now() - sentMs)
        }
      })
      await Promise.all(loops)
      const tookMs = performance.now() - startMs
      return { count: latenciesMs.length, tookMs, latenciesMs: Float64Array.from(latenciesMs) }
    },
    /** As the store tells: none was lost, none came twice. */
    async bidCount() {
      const { value } = await must(stores[0], 'connection').read(key)
      return (JSON.parse(value.toString()) as Auction).bidCount
    },
    async close() {
      await Promise.all(stores.map((store) => store.close()))
    },
  }
}

function encode(auction: Auction): Buffer {
  return Buffer.from(JSON.stringify(auction))
}
