import { pause } from '../../faults/wait.ts'
import { bid, said, sell } from '../stage/person.ts'
import type { Stage } from '../stage/stage.ts'

/** Bids once a second, at an address of its own, on an auction that no stranger was told of. */
export interface HonestBidder {
  readonly bidCount: number
  /** @returns what was wrong, in plain words */
  stop(): Promise<string[]>
}

const everyMs = 1_000

export async function startHonestBidder(stage: Stage): Promise<HonestBidder> {
  const seller = await stage.guest('Selma')
  const bidder = await stage.guest('Harriet')
  const auctionId = await sell(seller, { durationMs: 86_400_000 })
  const wrong: string[] = []
  let isOver = false
  let bidCount = 0
  const bidding = (async () => {
    while (!isOver) {
      bidCount++
      const bidId = `honest-bid-${bidCount}`
      const outcome = await bid(bidder, auctionId, bidId, `${99 + bidCount}.00`).catch(
        () => undefined,
      )
      if (outcome?.status !== 201) {
        wrong.push(`honest bid ${bidCount}: ${outcome === undefined ? 'no answer' : said(outcome)}`)
      }
      await pause(everyMs)
    }
  })()
  return {
    get bidCount() {
      return bidCount
    },
    async stop() {
      isOver = true
      await bidding
      return wrong
    },
  }
}
