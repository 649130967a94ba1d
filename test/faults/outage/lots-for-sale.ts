import type { Client } from '../../../src/client/client.ts'
import { createNodeClient } from '../../../src/client/node.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'

const createAtOnce = 16
const durationMsMin = 1_000

/** Auctions without a soft close: whatever moves their end is an outage's credit. `endsInMs` counts from now. */
export async function openLots(
  urls: readonly string[],
  plans: readonly { title: string; endsInMs: number }[],
): Promise<AuctionJson[]> {
  const seller = createNodeClient({ urls })
  const startMs = performance.now()
  try {
    await seller.session.create('Selma, who sells')
    const lots: AuctionJson[] = []
    for (let at = 0; at < plans.length; at += createAtOnce) {
      const some = plans.slice(at, at + createAtOnce)
      lots.push(...(await Promise.all(some.map((plan) => open(seller, plan, startMs)))))
    }
    return lots
  } finally {
    seller.close()
  }
}

function open(
  seller: Client,
  { title, endsInMs }: { title: string; endsInMs: number },
  startMs: number,
): Promise<AuctionJson> {
  const leftMs = Math.round(endsInMs - (performance.now() - startMs))
  return seller.auctions.create({
    title,
    startPrice: '10.00',
    increment: '0.50',
    durationMs: Math.max(durationMsMin, leftMs),
    softClose: null,
    mayRaiseOwnBid: true,
  })
}
