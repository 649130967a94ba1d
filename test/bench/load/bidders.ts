import { must } from '../../../src/lib/assert.ts'
import { sleep } from '../../../src/lib/clock.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import type { Pace } from '../pace.ts'
import { type BidderSocket, openBidderSocket, type Seat } from './bidder-socket.ts'

/** Who bids on what: a seat bids on the auctions of its lane in turn, each time one step higher than anybody of that lane. */
export interface BidderPlan {
  readonly seats: readonly (Seat & { readonly lane: number })[]
  readonly lanes: readonly (readonly string[])[]
  /** Bid ids of this load begin with it. */
  readonly name: string
  /** Units of money above 100 at which this load begins. */
  readonly firstStep?: number
}

export interface Acknowledged {
  readonly auctionId: string
  readonly bidId: string
  readonly seq: number
  readonly amount: string
}

/** `count` is of all that were answered, accepted or refused. */
export interface BidRun extends Pace {
  readonly accepted: number
  /** By code. */
  readonly refused: Readonly<Record<string, number>>
  readonly unknown: number
  readonly acknowledged: readonly Acknowledged[]
}

export interface BidOrder {
  readonly ms: number
  /** Only the first so many seats. */
  readonly seats?: number | undefined
  /** No bidder bids more often than this. */
  readonly everyMs?: number | undefined
}

/** A node takes 200 bids a second of one person; whoever asks for more measures refusals. */
const everyMsMin = 1_000 / 190
const openAtOnce = 64

/** Closed loops: each bidder waits for the answer before bidding again. */
export async function openBidders(plan: BidderPlan) {
  const sockets: BidderSocket[] = []
  for (let at = 0; at < plan.seats.length; at += openAtOnce) {
    const some = plan.seats.slice(at, at + openAtOnce)
    sockets.push(...(await Promise.all(some.map(openBidderSocket))))
  }
  const { firstStep = 0 } = plan
  let bidCount = 0
  const lanes = plan.lanes.map((auctionIds) => {
    let turn = 0
    return () => {
      const auctionId = must(auctionIds[turn % auctionIds.length], 'auction')
      const step = firstStep + Math.floor(turn++ / auctionIds.length)
      const bidId = `${plan.name}-${String(++bidCount).padStart(8, '0')}`
      return { auctionId, bidId, amount: `${1_000_001 + step}.00` }
    }
  })
  return {
    async bid({ ms, seats = sockets.length, everyMs = everyMsMin }: BidOrder): Promise<BidRun> {
      const tally = createTally()
      const startMs = performance.now()
      const loops = sockets.slice(0, seats).map(async (socket, index) => {
        const next = must(lanes[plan.seats[index]?.lane ?? 0], 'lane')
        await bidUntil(startMs + ms, { socket, next, everyMs, tally })
      })
      await Promise.all(loops)
      return tally.run(performance.now() - startMs)
    },
    async close() {
      for (const socket of sockets) socket.close()
    },
  }
}

async function bidUntil(
  endMs: number,
  loop: {
    socket: BidderSocket
    next: () => { auctionId: string; bidId: string; amount: string }
    everyMs: number
    tally: Tally
  },
): Promise<void> {
  let dueMs = performance.now()
  for (;;) {
    const sentMs = performance.now()
    if (sentMs >= endMs) return
    const bid = loop.next()
    const outcome = await loop.socket.bid(bid)
    loop.tally.note(bid, outcome, performance.now() - sentMs)
    if (outcome === undefined) return
    // Time that answers took is not made up for by bids in a bunch.
    dueMs = Math.max(dueMs + loop.everyMs, performance.now() - loop.everyMs)
    const pauseMs = dueMs - performance.now()
    if (pauseMs > 1) await sleep(systemClock, pauseMs)
  }
}

type Told = Awaited<ReturnType<BidderSocket['bid']>>

interface Tally {
  note(bid: { auctionId: string; bidId: string; amount: string }, told: Told, tookMs: number): void
  run(tookMs: number): BidRun
}

function createTally(): Tally {
  const latenciesMs: number[] = []
  const refused: Record<string, number> = {}
  const acknowledged: Acknowledged[] = []
  let unknown = 0
  return {
    note(bid, told, tookMs) {
      if (told === undefined || told.outcome === 'unknown') {
        unknown++
        return
      }
      latenciesMs.push(tookMs)
      if (told.outcome === 'accepted') acknowledged.push({ ...bid, seq: told.seq })
      else refused[told.code] = (refused[told.code] ?? 0) + 1
    },
    run: (tookMs) => ({
      count: latenciesMs.length,
      tookMs,
      latenciesMs: Float64Array.from(latenciesMs),
      accepted: acknowledged.length,
      refused,
      unknown,
      acknowledged,
    }),
  }
}
