import type { Client } from '../../src/client/client.ts'
import { type Clock, sleep } from '../../src/lib/clock.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { CreateAuctionBody } from '../../src/protocol/http-request.ts'

/** The robots' auction house: as long as it runs, so many auctions are open. */
export interface House {
  readonly openIds: readonly string[]
  run(): Promise<void>
}

const openCount = 3
/** A demo that is forgotten does not fill the store. */
const auctionsMax = 500
const lookEveryMs = 2_000
const durationMinMs = 60_000
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
  let openIds: string[] = []
  let createdCount = 0

  async function look(): Promise<void> {
    const auctions = await Promise.all(openIds.map((id) => client.auctions.get(id)))
    openIds = auctions.filter(({ phase }) => phase === 'open').map(({ id }) => id)
    while (openIds.length < openCount && createdCount < auctionsMax && !signal.aborted) {
      const auction = await client.auctions.create(newLot(createdCount, entropy))
      createdCount++
      openIds = [...openIds, auction.id]
    }
  }
  return {
    get openIds() {
      return openIds
    },
    async run() {
      try {
        await client.session.create('The house')
        while (!signal.aborted) {
          // A cluster that is being tormented may not answer for a while: that is what a demo is for.
          await look().catch(() => undefined)
          await sleep(clock, lookEveryMs, signal).catch(() => undefined)
        }
      } finally {
        client.close()
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
    durationMs: durationMinMs * (1 + Math.floor(entropy.random() * 3)),
    softClose: { windowMs: 15_000, extensionMs: 10_000, mode: 'add', maxExtensions: 12 },
  }
}
