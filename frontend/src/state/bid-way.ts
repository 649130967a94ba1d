import { signal, type ReadonlySignal } from '@preact/signals'
import type { Client } from '../../../src/client/client.ts'
import type { BidTimingJson } from '../../../src/protocol/outcome.ts'
import { say } from '../words/say.ts'

/** The way of the last bid of this page that was accepted. */
export interface BidWay {
  readonly auctionId: string
  readonly seq: number
  /** From the press to the answer, measured here. */
  readonly tookMs: number
  /** Undefined until the node has told, and where another node took the bid. */
  readonly node: BidTimingJson | undefined
  /** From the press until the feed brought it, to this page as to every viewer; undefined until then. */
  readonly toldMs: number | undefined
}

export interface LastBid {
  readonly way: ReadonlySignal<BidWay | undefined>
  /** @param bid with the instant of the press, monotonic */
  accepted(bid: OwnAccepted): void
  /** The feed is at this place now. Before or after the answer: both happen. */
  heard(auctionId: string, seq: number, atMs: number): void
}

interface OwnAccepted {
  readonly auctionId: string
  readonly bidId: string
  readonly seq: number
  readonly pressedMs: number
  readonly tookMs: number
}

/** Places of the feed that are remembered until the answer to a bid comes. */
const heardMax = 64

export function createLastBid(client: Client): LastBid {
  const way = signal<BidWay | undefined>(undefined)
  let heard: { auctionId: string; seq: number; atMs: number }[] = []
  let pressedMs = 0
  const addTold = () => {
    const own = way.peek()
    if (own === undefined || own.toldMs !== undefined) return
    const first = heard.find(({ auctionId, seq }) => auctionId === own.auctionId && seq >= own.seq)
    if (first !== undefined) way.value = { ...own, toldMs: Math.max(0, first.atMs - pressedMs) }
  }
  return {
    way,
    accepted({ auctionId, bidId, seq, tookMs, ...bid }) {
      pressedMs = bid.pressedMs
      way.value = { auctionId, seq, tookMs, node: undefined, toldMs: undefined }
      addTold()
      const add = (node: BidTimingJson) => {
        const own = way.peek()
        if (own?.auctionId === auctionId && own.seq === seq) way.value = { ...own, node }
      }
      // Only told to who wants to see it: a page without it is whole.
      client.auctions.bidTiming(auctionId, bidId).then(add, () => undefined)
    },
    heard(auctionId, seq, atMs) {
      heard = [...heard, { auctionId, seq, atMs }].slice(-heardMax)
      addTold()
    },
  }
}

interface Station {
  readonly words: string
  readonly ms: number
  /** More than half of the whole way was spent here: why it took as long as it did. */
  readonly isMost: boolean
}

/** None until the node has told; what no node counted was on the network, or in the page. */
export function stationsOf({ node, tookMs }: BidWay): Station[] {
  const timing = node?.timing ?? undefined
  if (node === undefined || timing === undefined) return []
  const { waitedMs, lockMs, commitMs, batchSize } = timing
  const stations: [string, number][] = [
    [say('wayWaited', { node: node.nodeId }), waitedMs],
    [say('wayLock'), lockMs],
    [say('wayCommit', { count: batchSize }), commitMs],
    [say('wayNetwork'), Math.max(0, tookMs - waitedMs - lockMs - commitMs)],
  ]
  return stations.map(([words, ms]) => ({ words, ms, isMost: ms > tookMs / 2 }))
}
