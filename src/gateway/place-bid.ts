import type { Person } from '../auction/person.ts'
import { parseAmount } from '../auction/money.ts'
import type { BidOutcome, BidRequest, Engine } from '../engine/engine.ts'
import type { Log } from '../lib/log.ts'
import type { BidOutcomeJson } from '../protocol/outcome.ts'
import type { AmountInput } from '../protocol/scalar.ts'
import { encodeOutcome } from './encode/outcome.ts'
import { Fault } from './fault.ts'

/** A bid as it came, over whatever transport; `auctionId` and `bidId` are well-formed. */
export interface SentBid {
  readonly auctionId: string
  readonly bidId: string
  readonly bidder: Person
  readonly amount: AmountInput
}

/**
 * The way of every bid into the engine.
 * @throws Fault, or an OperatingError, of this copy: then it has not reached the engine
 */
export async function placeBid(
  bid: SentBid,
  deps: { engine: Engine; log: Log; isDraining: () => boolean },
): Promise<BidOutcomeJson> {
  const { engine, log, isDraining } = deps
  if (isDraining()) throw new Fault('draining', undefined, { retryAfterMs: 1_000 })
  const { auctionId, bidId, bidder, amount } = bid
  const currency = await engine.catalogue.currencyOf(auctionId)
  if (currency === undefined) throw new Fault('no-such-auction')
  const amountMinor = parseAmount(amount, currency)
  if (amountMinor === undefined) {
    const detail = `/amount is no amount of ${currency}.`
    throw new Fault('bad-amount', detail, { pointer: '/amount', final: false })
  }
  const outcome = await place({ auctionId, bidId, bidder, amountMinor }, engine, log)
  return encodeOutcome(outcome, currency)
}

/** The engine promises not to throw. Should it, nobody knows what became of the bid, so nothing else may be told. */
async function place(bid: BidRequest, { bidding }: Engine, log: Log): Promise<BidOutcome> {
  try {
    return await bidding.place(bid)
  } catch (error) {
    const { auctionId, bidId } = bid
    log.error({ auctionId, bidId, error }, 'placing a bid broke off')
    return { outcome: 'unknown', bidId }
  }
}
