import { setMaxListeners } from 'node:events'
import { sleep } from '../../../src/lib/clock.ts'
import { must } from '../../../src/lib/assert.ts'
import { systemEntropy } from '../../../src/lib/entropy.ts'
import { systemClock } from '../../../src/lib/system-clock.ts'
import type { NewSessionJson } from '../../../src/protocol/http.ts'
import { askNode, type BidCopy, sendBid } from '../http.ts'
import type { NodeProcess } from '../node-process.ts'
import type { Stage } from './stage.ts'

/** One copy of one bid through one certain node, and what it said. */
export interface Try {
  readonly nodeId: string
  readonly auctionId: string
  readonly sentMs: number
  readonly tookMs: number
  readonly outcome: 'accepted' | 'rejected' | 'unknown'
  readonly code: string | undefined
  readonly final: boolean | undefined
}

/** One bidder for each node, who goes on bidding on every lot at once, paused or not. */
export interface Haggle {
  readonly tries: readonly Try[]
  /** No more bids; what no node has answered is asked again, until it is settled. */
  stop(): Promise<void>
}

const everyMs = 300
const settleTriesMax = 200

export async function startHaggle(
  { cluster, recorder }: Stage,
  lotIds: readonly string[],
): Promise<Haggle> {
  const tries: Try[] = []
  const steps = new Map<string, number>()
  const over = new AbortController()
  setMaxListeners(0, over.signal)
  const send = async (node: NodeProcess, bidder: NewSessionJson, bid: BidCopy) => {
    const sentMs = recorder.now()
    recorder.add({ t: 'invoke', atMs: sentMs, bidder: bidder.user.id, ...bid })
    const told = await sendBid(node.url, bidder.token, bid)
    const { auctionId, bidId } = bid
    const atMs = recorder.now()
    recorder.add({ t: 'answer', atMs, auctionId, bidId, node: node.nodeId, ...told })
    const { outcome, code, final } = told
    const { nodeId } = node
    tries.push({ nodeId, auctionId, sentMs, tookMs: atMs - sentMs, outcome, code, final })
    return told
  }
  const unsettled: { bid: BidCopy; bidder: NewSessionJson }[] = []
  const haggleOver = async (node: NodeProcess, bidder: NewSessionJson, auctionId: string) => {
    while (!over.signal.aborted) {
      const step = steps.get(auctionId) ?? 0
      steps.set(auctionId, step + 1)
      const bidId = `${node.nodeId}-${step}-${systemEntropy.token(6)}`
      const bid = { auctionId, bidId, amount: (10 + step / 2).toFixed(2) }
      if (node.isUp) {
        const { outcome, code } = await send(node, bidder, bid)
        // Refused for now, and no other copy is on its way: that is an answer.
        if (outcome === 'unknown' && code !== 'store-unavailable') unsettled.push({ bid, bidder })
      }
      await sleep(systemClock, everyMs, over.signal).catch(() => undefined)
    }
  }
  const settle = async () => {
    for (let round = 0; round < settleTriesMax; round++) {
      const up = cluster.upNodes()
      const [by, next] = [up[round % up.length], unsettled.shift()]
      if (next === undefined || by === undefined) return
      const { outcome } = await send(by, next.bidder, next.bid)
      if (outcome === 'unknown') unsettled.push(next)
    }
  }
  const bidders = await Promise.all(cluster.nodes.map(signIn))
  const loops = cluster.nodes.flatMap((node, index) => {
    const bidder = must(bidders[index], 'a bidder for each node')
    return lotIds.map((auctionId) => haggleOver(node, bidder, auctionId))
  })
  return {
    tries,
    async stop() {
      over.abort()
      await Promise.all(loops)
      await settle()
    },
  }
}

async function signIn(node: NodeProcess): Promise<NewSessionJson> {
  const session = { method: 'POST', body: { name: `Bidder at ${node.nodeId}` } }
  const { body } = await askNode(node.url, '/session', session)
  return body as NewSessionJson
}
