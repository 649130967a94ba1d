import type { Person } from '../../src/auction/person.ts'
import type { Store } from '../../src/store/store.ts'
import { countCalls, type StoreCounts } from './counting-store.ts'
import { createAuction, seller, startEngine } from './engine-alone.ts'

/** Mean cost of one operation; a take-over is that of a node which never saw the auction. */
export interface Cost {
  operation: 'accepted bid' | 'refused bid' | 'bid looked up' | 'take-over'
  history: number
  storeOps: number
  bytes: number
  ms: number
}

const bidders: Person[] = Array.from({ length: 64 }, (_, n) => ({ id: `b${n}`, name: `B${n}` }))

/**
 * Grows one auction to each of the given counts of accepted bids and measures `samples` operations at each. `open` gives one
 * more client of the same store, as another node would have; undefined where a second is not possible.
 */
export async function measureGrowth(options: {
  open: () => Promise<Store>
  openSecond?: () => Promise<Store>
  histories: readonly number[]
  samples: number
  onProgress: (text: string) => void
}): Promise<Cost[]> {
  const counted = countCalls(await options.open())
  const engine = await startEngine(counted.store, 'n1')
  const costs: Cost[] = []
  try {
    const auctionId = await createAuction(engine)
    let amount = 100_00
    let bidCount = 0
    const place = (by: Person, amountMinor: number, bidId: string) =>
      engine.bidding.place({ auctionId, bidId, bidder: by, amountMinor })
    const accept = async () => {
      const bidder = bidders[bidCount % bidders.length] ?? seller
      amount += 100
      const outcome = await place(bidder, amount, `growth-${++bidCount}`)
      if (outcome.outcome !== 'accepted')
        throw new Error(`not accepted: ${JSON.stringify(outcome)}`)
    }
    for (const history of options.histories) {
      while (bidCount < history) {
        options.onProgress(`${bidCount} of ${history} bids`)
        const some = Math.min(64, history - bidCount)
        await Promise.all(Array.from({ length: some }, accept))
      }
      const measure = async (operation: Cost['operation'], once: (n: number) => Promise<void>) => {
        counted.reset()
        const startMs = performance.now()
        for (let n = 0; n < options.samples; n++) await once(n)
        const ms = (performance.now() - startMs) / options.samples
        costs.push({ operation, history, ms, ...per(counted.counts, options.samples) })
      }
      await measure('accepted bid', accept)
      await measure('refused bid', async (n) => {
        const outcome = await place(bidders[0] ?? seller, 100_00, `low-${history}-${n}`)
        if (outcome.outcome !== 'rejected') throw new Error('a low bid was accepted')
      })
      await measure('bid looked up', async (n) => {
        const wanted = (n * 37) % history
        const bidder = bidders[wanted % bidders.length] ?? seller
        const found = await engine.catalogue.bid(auctionId, bidder, `growth-${wanted + 1}`)
        if (found.found !== true) throw new Error(`bid ${wanted + 1} is not in the journal`)
      })
      if (options.openSecond !== undefined) {
        costs.push(await takeOver(options.openSecond, auctionId, history, () => (amount += 100)))
      }
    }
  } finally {
    await engine.stop()
    await counted.store.close()
  }
  return costs
}

async function takeOver(
  open: () => Promise<Store>,
  auctionId: string,
  history: number,
  nextAmount: () => number,
): Promise<Cost> {
  const counted = countCalls(await open())
  const engine = await startEngine(counted.store, `t${history}`)
  try {
    counted.reset()
    const startMs = performance.now()
    const bid = {
      auctionId,
      bidId: `takeover-${history}`,
      bidder: seller2,
      amountMinor: nextAmount(),
    }
    const outcome = await engine.bidding.place(bid)
    if (outcome.outcome !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(outcome)}`)
    const ms = performance.now() - startMs
    return { operation: 'take-over', history, ms, ...per(counted.counts, 1) }
  } finally {
    await engine.stop()
    await counted.store.close()
  }
}

const seller2: Person = { id: 'newcomer', name: 'Nia' }

function per(counts: StoreCounts, samples: number): Pick<Cost, 'storeOps' | 'bytes'> {
  const { reads, freshReads, lists, commits, bytesWritten } = counts
  return {
    storeOps: (reads + freshReads + lists + commits) / samples,
    bytes: bytesWritten / samples,
  }
}
