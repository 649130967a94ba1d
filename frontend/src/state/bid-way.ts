import { signal, type ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import type { BidTimingJson } from '../../../src/protocol/outcome.ts'

/** The way of the last bid of this page that was accepted. */
export interface BidWay {
  readonly auctionId: string
  readonly seq: number
  /** From the press to the answer, measured here. */
  readonly tookMs: number
  /** Undefined until the node has told, and where another node took the bid. */
  readonly node: BidTimingJson | undefined
}

export interface LastBid {
  readonly way: ReadonlySignal<BidWay | undefined>
  accepted(bid: { auctionId: string; bidId: string; seq: number; tookMs: number }): void
}

export function createLastBid(client: Client): LastBid {
  const way = signal<BidWay | undefined>(undefined)
  return {
    way,
    accepted({ auctionId, bidId, seq, tookMs }) {
      const own: BidWay = { auctionId, seq, tookMs, node: undefined }
      way.value = own
      const add = (node: BidTimingJson) => {
        if (way.value === own) way.value = { ...own, node }
      }
      // Only told to who wants to see it: a page without it is whole.
      client.auctions.bidTiming(auctionId, bidId).then(add, () => undefined)
    },
  }
}
