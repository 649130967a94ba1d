import { setMaxListeners } from 'node:events'
import { sleep } from '../../src/lib/clock.ts'
import { type Entropy, seededEntropy } from '../../src/lib/entropy.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { Sale } from './auctions.ts'
import { type Bidder, createBidder } from './bidder.ts'
import type { NodeProcess } from './node-process.ts'
import type { Recorder } from './recorder.ts'

/** Everybody who bids: closed loops, each person waits for an answer before bidding again. */
export interface Load {
  readonly bidders: readonly Bidder[]
  /** Those whose preferred node it is open their page anew: it is back. */
  comeHome(nodeId: string): void
  /** No more bids; resolves when every answer is in. */
  stop(): Promise<void>
  leave(): void
}

/** Shares of what a bidder does next. */
const quietShare = 0.15
const repeatShare = 0.03
const jumpStepsMax = 3

export async function startLoad(options: {
  nodes: readonly NodeProcess[]
  sale: Sale
  bidderCount: number
  thinkMs: number
  seed: number
  recorder: Recorder
}): Promise<Load> {
  const { nodes, sale, bidderCount, recorder, seed } = options
  const people = await Promise.all(
    Array.from({ length: bidderCount }, async (_, index) => {
      const home = index % nodes.length
      const urls = [...nodes.slice(home), ...nodes.slice(0, home)].map(({ url }) => url)
      const entropy = seededEntropy(seed * 10_000 + index)
      const name = `b${index + 1}`
      const bidder = await createBidder({ name, urls, hotId: sale.hot.id, recorder, entropy })
      return { bidder, entropy, homeId: nodes[home]?.nodeId }
    }),
  )
  const over = new AbortController()
  setMaxListeners(0, over.signal)
  const openQuiet = new Map(sale.quiet.map((auction) => [auction.id, auction]))
  sale.onAdded?.((added) => added.forEach((auction) => openQuiet.set(auction.id, auction)))
  const loops = people.map(async ({ bidder, entropy }) => {
    for (;;) {
      const pauseMs = options.thinkMs * (0.5 + entropy.random())
      await sleep(systemClock, pauseMs, over.signal).catch(() => undefined)
      if (over.signal.aborted) return
      if (entropy.random() < quietShare) await bidOnQuiet(bidder, entropy, openQuiet)
      else await bidOnHot(bidder, entropy, options)
    }
  })
  return {
    bidders: people.map(({ bidder }) => bidder),
    comeHome(nodeId) {
      for (const { bidder, homeId } of people) if (homeId === nodeId) bidder.comeHome()
    },
    async stop() {
      over.abort()
      await Promise.all(loops)
    },
    leave: () => people.forEach(({ bidder }) => bidder.leave()),
  }
}

async function bidOnHot(
  bidder: Bidder,
  entropy: Entropy,
  { nodes }: { nodes: readonly NodeProcess[] },
): Promise<void> {
  const seen = bidder.hot
  if (seen?.phase !== 'open' || seen.standingBid?.bidder.id === bidder.userId) return
  const amount = raised(seen, Math.floor(entropy.random() * jumpStepsMax))
  const outcome = await bidder.bid(seen.id, amount)
  const other = nodes[Math.floor(entropy.random() * nodes.length)]
  if (outcome.outcome !== 'accepted' || entropy.random() >= repeatShare) return
  if (other?.isUp === true) {
    await bidder.repeat(other.url, { auctionId: seen.id, bidId: outcome.bidId, amount })
  }
}

/** One in two wants what ends next: that is where bids meet closes. */
async function bidOnQuiet(
  bidder: Bidder,
  entropy: Entropy,
  open: Map<string, AuctionJson>,
): Promise<void> {
  const ids = [...open.keys()]
  const at = entropy.random() < 0.5 ? 0 : Math.floor(entropy.random() * ids.length)
  const id = ids[at]
  if (id === undefined) return
  const seen = await bidder.read(id)
  if (seen === undefined) return
  if (seen.phase === 'closed') open.delete(id)
  if (seen.phase !== 'open' || seen.standingBid?.bidder.id === bidder.userId) return
  await bidder.bid(id, raised(seen, 0))
}

/** The minimum next bid, and so many steps more; in the decimals that the node wrote. */
function raised({ minimumNextBid, increment }: AuctionJson, steps: number): string {
  const step = typeof increment === 'string' ? Number(increment) : 1
  return (Number(minimumNextBid) + steps * step).toFixed(2)
}
