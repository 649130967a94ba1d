import type { BidRefusalJson } from '../../protocol/outcome.ts'
import type { Bid } from '../../protocol/up.ts'
import { Fault, faultOf } from '../fault.ts'
import { placeBid } from '../place-bid.ts'
import { prices } from '../prices.ts'
import type { Connection } from './connection.ts'
import { personOf } from './greeting.ts'
import type { SocketDeps } from './socket-deps.ts'

/** Places a bid and sends exactly one outcome, whatever happens. */
export async function answerBid(bid: Bid, connection: Connection, deps: SocketDeps): Promise<void> {
  connection.bidsInFlight++
  try {
    const outcome = await settle(bid, connection, deps)
    connection.outlet.send({ type: 'outcome', auctionId: bid.auctionId, ...outcome })
  } catch (error) {
    const fault = faultOf(error)
    if (fault.code === 'internal') deps.log.error({ error, bidId: bid.bidId }, 'bid failed')
    refuseBid(bid, fault, connection)
  } finally {
    connection.bidsInFlight--
    if (connection.bidsInFlight === 0) connection.onIdle?.()
  }
}

async function settle(bid: Bid, connection: Connection, deps: SocketDeps) {
  const { limits, rates } = deps
  if (connection.bidsInFlight > limits.bidsInFlightPerSocketMax) {
    throw new Fault('overloaded', undefined, { retryAfterMs: 1_000 })
  }
  const bidder = await personOf(connection, deps)
  if (bidder === undefined) throw new Fault('sign-in-first')
  const by = { address: connection.address, personId: bidder.id }
  rates.take('bids', by)
  try {
    return await placeBid({ ...bid, bidder }, deps)
  } catch (error) {
    if (error instanceof Fault && error.code === 'no-such-auction') {
      rates.charge('bids', by, prices.unknownAuction)
    }
    throw error
  }
}

/**
 * The outcome of a frame that was not decided: this copy is not counted. Ids go back as they came, since they may be
 * what is wrong.
 */
export function refuseBid(
  bid: { bidId?: unknown; auctionId?: unknown },
  fault: Fault,
  { outlet }: Pick<Connection, 'outlet'>,
): void {
  const { retryAfterMs } = fault.facts
  const bidId = textOf(bid.bidId)
  const auctionId = textOf(bid.auctionId)
  if (fault.code === 'outcome-unknown') {
    outlet.send({ type: 'outcome', auctionId, bidId, outcome: 'unknown' })
    return
  }
  const refusal: BidRefusalJson = {
    outcome: 'rejected',
    bidId,
    code: fault.code,
    final: false,
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
  }
  outlet.send({ type: 'outcome', auctionId, ...refusal })
}

function textOf(id: unknown): string {
  return typeof id === 'string' ? id.slice(0, 64) : ''
}
