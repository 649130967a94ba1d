import type { Commit, Store } from '../../src/store/store.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { must } from '../../src/lib/assert.ts'
import { createAuction, startEngine } from './engine-alone.ts'

export interface CommitSize {
  readonly headBytes: number
  readonly slotBytes: number
}

/** While ids gather in the head and leave it again. */
const bidsMin = 512

/**
 * The bytes that one commit of so many bids writes on average, from an engine that is made to write some: a reference of the
 * same size is then the same size, whatever the codec does.
 */
export async function measureCommitSize(batch: number): Promise<CommitSize> {
  const base = {
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
    metrics: silentMetrics,
  }
  const { store } = await openStore('memory:', { ...base, sessionTimeoutMs: 6_000 })
  const sizes: CommitSize[] = []
  const engine = await startEngine(
    listening(store, (commit) => sizes.push(...sizeOf(commit))),
    'n1',
  )
  try {
    const auctionId = await createAuction(engine)
    sizes.length = 0
    for (let bidCount = 0; bidCount < bidsMin; bidCount += batch) {
      const some = Array.from({ length: batch }, (_, index) => bidCount + index)
      await Promise.all(some.map((number) => engine.bidding.place(bidOf(auctionId, number))))
    }
  } finally {
    await engine.stop()
    await store.close()
  }
  // The first of a bunch is committed alone, while the others gather.
  const largest = Math.max(...sizes.map(({ slotBytes }) => slotBytes))
  const whole = sizes.filter(({ slotBytes }) => slotBytes > largest * 0.9)
  const mean = (of: (size: CommitSize) => number) =>
    Math.round(whole.reduce((total, size) => total + of(size), 0) / whole.length)
  return { headBytes: mean((size) => size.headBytes), slotBytes: mean((size) => size.slotBytes) }
}

/** Of commits that append to a journal. */
function sizeOf({ writes }: Commit): CommitSize[] {
  const bytesBelow = (root: string) => {
    const write = writes.find(({ key }) => key.startsWith(root))
    return write === undefined || write.kind === 'delete' ? undefined : write.value.byteLength
  }
  const slotBytes = bytesBelow('log/')
  if (slotBytes === undefined) return []
  return [{ slotBytes, headBytes: must(bytesBelow('head/'), 'head') }]
}

function listening(store: Store, heard: (commit: Commit) => void): Store {
  return new Proxy(store, {
    get(target, name, receiver) {
      if (name !== 'commit') return Reflect.get(target, name, receiver) as unknown
      return (commit: Commit, options: Parameters<Store['commit']>[1]) => {
        heard(commit)
        return target.commit(commit, options)
      }
    },
  })
}

function bidOf(auctionId: string, number: number) {
  const bidder = { id: `01K5X0000000000000000000${number % 64}`, name: `b${number % 64}` }
  const bidId = `bench-${String(number).padStart(8, '0')}`
  return { auctionId, bidId, bidder, amountMinor: 101_00 + number * 100 }
}
