import type { Client } from '../../src/client/client.ts'
import { type Clock, sleep } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { CreateAuctionBody } from '../../src/protocol/http-request.ts'

/** The robots' auction house: as long as it runs, so many auctions are open. */
export interface House {
  /** As of the last look: those that are open. */
  readonly open: readonly AuctionJson[]
  run(): Promise<void>
}

const openCount = 3
/** A demo that is forgotten does not fill the store. */
const auctionsMax = 2_000
const lookEveryMs = 1_000
/** The ends are so far apart, so that one is never far away. */
const endEveryMs = 45_000
const lots = [
  'A brass sextant',
  'Three letters in a tin box',
  'Wall clock, strikes thirteen',
  'Portrait of a patient dog',
  'Crate of unlabelled keys',
  'Chess set, one bishop replaced',
  'Map of a river that moved',
  'Box of lantern slides',
]

export function createHouse(deps: {
  client: Client
  clock: Clock
  entropy: Entropy
  signal: AbortSignal
}): House {
  const { client, clock, entropy, signal } = deps
  let open: readonly AuctionJson[] = []
  let createdCount = 0

  async function look(): Promise<void> {
    const auctions = await Promise.all(open.map(({ id }) => client.auctions.get(id)))
    open = auctions.filter(({ phase }) => phase === 'open')
    while (open.length < openCount && createdCount < auctionsMax && !signal.aborted) {
      open = [...open, await client.auctions.create(newLot(createdCount, entropy))]
      createdCount++
    }
  }
  return {
    get open() {
      return open
    },
    async run() {
      await client.session.create('The house')
      while (!signal.aborted) {
        // A cluster that is being tormented may not answer for a while: that is what a demo is for.
        await look().catch(() => undefined)
        await sleep(clock, lookEveryMs, signal).catch(() => undefined)
      }
    },
  }
}

function newLot(index: number, entropy: Entropy): CreateAuctionBody {
  return {
    title: lots[index % lots.length] ?? 'A lot',
    description: 'Put up by the demo; robots bid on it.',
    startPrice: 20 + Math.floor(entropy.random() * 80),
    increment: 1 + Math.floor(entropy.random() * 5),
    durationMs: endEveryMs * Math.min(index + 1, openCount),
    softClose: { windowMs: 10_000, extensionMs: 5_000, mode: 'add', maxExtensions: 6 },
  }
}
