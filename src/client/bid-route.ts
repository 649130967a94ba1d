import { type Clock, sleep } from '../lib/clock.ts'
import type { CopyFate } from './bid-settlement.ts'
import type { Copy } from './bidding.ts'
import type { ClientLimits } from './client.ts'
import { fateOfAnswer } from './fate.ts'
import { type HttpExchange, NoAnswer } from './http-exchange.ts'
import type { NodeList } from './node-list.ts'
import type { SocketBids } from './socket-bids.ts'
import type { SocketKeeper } from './socket-keeper.ts'

const lookEveryMs = 20

/** The way for one copy of a bid: the socket where it is live (or about to be), else HTTP to a node that is well. */
export function createBidRoute(deps: {
  socket: Pick<SocketKeeper, 'isSettled' | 'isExpected'>
  socketBids: SocketBids
  exchange: HttpExchange
  nodes: NodeList
  preferred: () => string | undefined
  clock: Clock
  limits: ClientLimits
}) {
  const { socket, socketBids, exchange, nodes, clock, limits } = deps

  async function whileExpected(signal: AbortSignal): Promise<void> {
    const untilMs = clock.monotonicMs() + limits.liveWaitMs
    while (!socket.isSettled && socket.isExpected && clock.monotonicMs() < untilMs) {
      await sleep(clock, lookEveryMs, signal)
    }
  }
  async function byHttp(copy: Copy, signal: AbortSignal): Promise<CopyFate> {
    const { auctionId, bidId, amount } = copy
    const url = nodes.pick(clock.monotonicMs(), { prefer: deps.preferred() })
    const path = `/auctions/${encodeURIComponent(auctionId)}/bids`
    const call = { method: 'POST', path, body: { bidId, amount }, signal } as const
    try {
      const answer = await exchange.send(url, call, limits.bidReplyMs)
      nodes.answered(url, answer.nodeId)
      if (answer.status >= 500) nodes.failed(url, clock.monotonicMs())
      return fateOfAnswer(answer, bidId)
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error
      if (!signal.aborted) nodes.failed(url, clock.monotonicMs())
      return { kind: error.mayHaveArrived ? 'lost' : 'not-sent' }
    }
  }
  return async (copy: Copy, signal: AbortSignal): Promise<CopyFate> => {
    await whileExpected(signal).catch(() => undefined)
    if (signal.aborted) return { kind: 'not-sent' }
    const bySocket = socket.isSettled
      ? socketBids.send(copy, { replyMs: limits.bidReplyMs, signal })
      : undefined
    return bySocket ?? byHttp(copy, signal)
  }
}
