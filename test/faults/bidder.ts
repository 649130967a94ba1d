import type { BidOutcome, Client } from '../../src/client/client.ts'
import { createNodeClient } from '../../src/client/node.ts'
import type { Entropy } from '../../src/lib/entropy.ts'
import type { AuctionJson } from '../../src/protocol/auction.ts'
import { type BidCopy, sendBid } from './http.ts'
import type { Recorder } from './recorder.ts'
import { pause } from './wait.ts'

/** A person with a session, a page open on the hot auction, and a preferred node. */
export interface Bidder {
  readonly name: string
  readonly userId: string
  /** The hot auction as this person's page shows it; undefined before the first snapshot. */
  readonly hot: AuctionJson | undefined
  readonly nodeId: string | undefined
  /** Reads it fresh, and notes that. Undefined when no node answered. */
  read(auctionId: string): Promise<AuctionJson | undefined>
  /** Bids, and asks again with the same bidId while the outcome is unknown or put off. Never throws. */
  bid(auctionId: string, amount: string): Promise<BidOutcome>
  /** Sends an acknowledged bid once more, by HTTP to that node: it must not count again. */
  repeat(url: string, bid: BidCopy): Promise<void>
  /** Opens the page anew, on the preferred node. */
  comeHome(): void
  leave(): void
}

const settleTriesMax = 3
const putOffTriesMax = 12
const putOffMs = 300
/** Refusals of this copy alone, which say: later. */
const puttingOff: ReadonlySet<string> = new Set(['store-unavailable', 'overloaded', 'draining'])

export async function createBidder(options: {
  name: string
  /** The preferred node first. */
  urls: readonly string[]
  hotId: string
  recorder: Recorder
  entropy: Entropy
}): Promise<Bidder> {
  const { name, urls, hotId, recorder, entropy } = options
  const signIn = createNodeClient({ urls })
  const { token, user } = await signIn.session.create(name)
  signIn.close()
  let hot: AuctionJson | undefined
  const open = (): Client => {
    const opened = createNodeClient({ urls, token })
    opened.watch(hotId, ({ auction }) => {
      if (hot === undefined || auction.seq > hot.seq) hot = auction
    })
    return opened
  }
  let client = open()
  let bidCount = 0
  const noteInvoke = (bid: BidCopy) =>
    recorder.add({ t: 'invoke', atMs: recorder.now(), bidder: user.id, ...bid })

  return {
    name,
    userId: user.id,
    get hot() {
      return hot
    },
    get nodeId() {
      return client.connection.nodeId
    },
    async read(auctionId) {
      const invokedMs = recorder.now()
      try {
        const auction = await client.auctions.get(auctionId, { fresh: true })
        recorder.add({ t: 'read', invokedMs, atMs: recorder.now(), auctionId, seq: auction.seq })
        return auction
      } catch {
        return undefined
      }
    },
    async bid(auctionId, amount) {
      const bidId = `${name}-${String(++bidCount).padStart(5, '0')}-${entropy.token(3)}`
      for (let tries = 1; ; tries++) {
        noteInvoke({ auctionId, bidId, amount })
        const outcome = await client.bid({ auctionId, bidId, amount, hasEarlierCopies: tries > 1 })
        const node = outcome.copyCount === 1 && tries === 1 ? client.connection.nodeId : undefined
        const { copyCount: copies, ...told } = outcome
        recorder.add({ t: 'answer', atMs: recorder.now(), auctionId, node, copies, ...told })
        const isPutOff = outcome.outcome === 'rejected' && puttingOff.has(outcome.code)
        const triesMax = isPutOff ? putOffTriesMax : settleTriesMax
        if ((outcome.outcome !== 'unknown' && !isPutOff) || tries >= triesMax) return outcome
        if (isPutOff) await pause(putOffMs)
      }
    },
    async repeat(url, bid) {
      noteInvoke(bid)
      const told = await sendBid(url, token, bid)
      const { auctionId, bidId } = bid
      recorder.add({ t: 'answer', atMs: recorder.now(), auctionId, bidId, ...told })
    },
    comeHome() {
      const before = client
      client = open()
      before.close()
    },
    leave: () => client.close(),
  }
}
