import { systemEntropy } from '../../src/lib/entropy.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import type { NewSessionJson } from '../../src/protocol/http.ts'
import { askNode, sendBid } from './http.ts'
import type { Recorder } from './recorder.ts'

/** Bids through one certain node, to see whether it serves. */
export interface Prober {
  /** One copy, well above the minimum, so that only a few can overtake it. */
  bidOnce(url: string, auctionId: string): ReturnType<typeof sendBid>
  isBidAccepted(url: string, auctionId: string): Promise<boolean>
}

const stepsAhead = 25

export async function createProber(url: string, recorder: Recorder): Promise<Prober> {
  const session = { method: 'POST', body: { name: 'Prober' } }
  const { body } = await askNode(url, '/session', session)
  const { token, user } = body as NewSessionJson
  const prober: Prober = {
    async bidOnce(nodeUrl, auctionId) {
      const shown = await askNode(nodeUrl, `/auctions/${auctionId}`)
      const { minimumNextBid } = shown.body as AuctionJson
      const amount = (Number(minimumNextBid) + stepsAhead).toFixed(2)
      const bidId = `probe-${systemEntropy.token(9)}`
      const atMs = recorder.now()
      recorder.add({ t: 'invoke', atMs, bidder: user.id, auctionId, bidId, amount })
      const told = await sendBid(nodeUrl, token, { auctionId, bidId, amount })
      recorder.add({ t: 'answer', atMs: recorder.now(), auctionId, bidId, ...told })
      return told
    },
    async isBidAccepted(nodeUrl, auctionId) {
      return (await prober.bidOnce(nodeUrl, auctionId)).outcome === 'accepted'
    },
  }
  return prober
}
