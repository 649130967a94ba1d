import { formatAmount } from '../../auction/money.ts'
import type { BidAcceptance, BidOutcome, BidRefusal } from '../../engine/engine.ts'
import type { BidAcceptanceJson, BidOutcomeJson, BidRefusalJson } from '../../protocol/outcome.ts'
import { formatInstant } from '../instant.ts'

export function encodeOutcome(outcome: BidOutcome, currency: string): BidOutcomeJson {
  switch (outcome.outcome) {
    case 'accepted':
      return encodeAcceptance(outcome, currency)
    case 'rejected':
      return encodeRefusal(outcome, currency)
    case 'unknown':
      return { outcome: 'unknown', bidId: outcome.bidId }
  }
}

export function encodeAcceptance(bid: BidAcceptance, currency: string): BidAcceptanceJson {
  const { minimumNextBidMinor } = bid
  return {
    outcome: 'accepted',
    bidId: bid.bidId,
    seq: bid.seq,
    amount: formatAmount(bid.amountMinor, currency),
    at: formatInstant(bid.at),
    minimumNextBid:
      minimumNextBidMinor === null ? null : formatAmount(minimumNextBidMinor, currency),
    endsAt: formatInstant(bid.endsAt),
  }
}

function encodeRefusal(refusal: BidRefusal, currency: string): BidRefusalJson {
  const { bidId, code, final, seq, minimumNextBidMinor, endsAt, retryAfterMs } = refusal
  return {
    outcome: 'rejected',
    bidId,
    code,
    final,
    ...(seq !== undefined && { seq }),
    ...(minimumNextBidMinor !== undefined && {
      minimumNextBid: formatAmount(minimumNextBidMinor, currency),
    }),
    ...(endsAt !== undefined && { endsAt: formatInstant(endsAt) }),
    ...(retryAfterMs !== undefined && { retryAfterMs: Math.ceil(retryAfterMs) }),
  }
}
