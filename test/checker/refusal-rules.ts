import type { Bid } from './bids.ts'
import { isOver, leastOver } from './fold.ts'
import type { BidAnswer } from './history.ts'
import { minorOf } from './amount.ts'
import type { Journals } from './journals.ts'
import type { Report } from './violation.ts'

/** Reasons that more time can only confirm: a node may tell them from what it remembers, whatever happened since. */
const lasting: ReadonlySet<string> = new Set(['bid-too-low', 'closed', 'seller-may-not-bid'])
/** Reasons of one moment, which a node looks at again before it tells them. */
const momentary: ReadonlySet<string> = new Set(['own-bid', 'not-open'])

export const isMomentary = (code: string | undefined) => code !== undefined && momentary.has(code)

/** A refusal names the seq it was decided at: its reason was true there. Whether that seq fits real time: real-time-rules.ts. */
export function checkReason(
  journals: Journals,
  bid: Bid,
  refusal: BidAnswer,
  report: Report,
): void {
  const { auctionId: id, bidId, code = '', seq, final } = refusal
  if (final !== undefined && (lasting.has(code) || momentary.has(code))) {
    if (final !== lasting.has(code)) report('refusal-true', `${bidId}: ${code}, final ${final}`, id)
  }
  const length = journals.events(id).length
  if (seq !== undefined && seq > length)
    report('refusal-true', `${bidId}: ${code} at seq ${seq}, the journal ends at ${length}`, id)
  const wrong = whyUntrue(journals, bid, refusal)
  if (wrong !== undefined) report('refusal-true', `${bidId}: "${code}" at seq ${seq}, ${wrong}`, id)
}

function whyUntrue(journals: Journals, bid: Bid, refusal: BidAnswer): string | undefined {
  const { auctionId: id, code, seq } = refusal
  const conditions = journals.conditions(id)
  if (conditions === undefined) return undefined
  if (code === 'seller-may-not-bid')
    return bid.bidder === conditions.seller ? undefined : `but ${bid.bidder} is not the seller`
  if (code === 'bid-id-reused') return whyNotReused(journals, bid)
  if (seq === undefined) return undefined
  const standing = journals.standingAt(id, seq)
  switch (code) {
    case 'closed':
      return isOver(standing) ? undefined : 'where it was not'
    case 'bid-too-low': {
      const least = leastOver(standing, conditions)
      const isLow = bid.amounts.length === 0 || bid.amounts.some((amount) => amount < least)
      return isLow ? undefined : `where ${bid.amounts.join(' or ')} was enough (${least})`
    }
    case 'own-bid':
      return standing.bidder === bid.bidder && !conditions.mayRaiseOwnBid && !isOver(standing)
        ? undefined
        : `where ${standing.bidder ?? 'nobody'} stood and ${bid.bidder} might bid`
    case 'not-open':
      return standing.phase === 'scheduled' ? undefined : `where it was ${standing.phase}`
    default:
      return undefined
  }
}

/** Somebody took this id for another amount, and the first stands. */
function whyNotReused(journals: Journals, { auctionId: id, bidId, amounts }: Bid) {
  const event = journals.eventAt(id, journals.placesOf(id, bidId)[0] ?? 0)
  if (event?.type !== 'BidAccepted') return 'but no bid of this id stands'
  const standing = minorOf(event.amount)
  return amounts.some((amount) => amount !== standing) ? undefined : 'but it is the same bid'
}
