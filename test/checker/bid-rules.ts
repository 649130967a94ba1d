import type { Bid, Bids } from './bids.ts'
import { minorOf } from './amount.ts'
import type { BidAnswer } from './history.ts'
import type { Journals } from './journals.ts'
import { checkReason } from './refusal-rules.ts'
import type { Report } from './violation.ts'

/** What bidders were told, held against the journal: one walk over every bid's questions and answers. */
export function checkBids(
  bids: Bids,
  journals: Journals,
  { isWithoutLock }: { isWithoutLock: boolean },
  report: Report,
): void {
  for (const bid of bids.all) {
    checkAcknowledgements(bid, journals, report)
    for (const refusal of refusalsThatStand(bid, journals)) {
      if (isWithoutLock) continue
      const said = `${refusal.code}${refusal.final === true ? ', final' : ''}`
      const [place] = journals.placesOf(bid.auctionId, bid.bidId)
      report(
        'refused-absent',
        `${bid.bidId} was refused (${said}) and stands at ${place}`,
        bid.auctionId,
      )
    }
    for (const step of bid.steps) {
      if (step.t === 'answer' && step.outcome === 'rejected')
        checkReason(journals, bid, step, report)
    }
  }
}

/** Everything that stands was sent by its bidder with its amount. Needs the questions: where none was noted, nothing is judged. */
export function checkSent(bids: Bids, journals: Journals, report: Report): void {
  if (bids.all.length === 0) return
  for (const id of journals.auctionIds) {
    for (const event of journals.events(id)) {
      if (event.type !== 'BidAccepted') continue
      const bid = bids.of(id, event.bidId)
      if (bid?.firstInvokeMs === undefined)
        report('bid-sent', `nobody sent ${event.bidId}, which stands at ${event.seq}`, id)
      else if (bid.bidder !== event.bidder.id || !bid.amounts.includes(minorOf(event.amount)))
        report(
          'bid-sent',
          `${event.bidId} stands as ${event.bidder.id}'s ${event.amount}, which was not sent`,
          id,
        )
    }
  }
}

function checkAcknowledgements(bid: Bid, journals: Journals, report: Report): void {
  const { auctionId: id, bidId } = bid
  let first: BidAnswer | undefined
  for (const step of bid.steps) {
    if (step.t !== 'answer' || step.outcome !== 'accepted') continue
    const event = journals.eventAt(id, step.seq ?? 0)
    const isIt =
      event?.type === 'BidAccepted' &&
      event.bidId === bidId &&
      event.bidder.id === bid.bidder &&
      bid.amounts.includes(minorOf(event.amount)) &&
      (step.amount === undefined || minorOf(step.amount) === minorOf(event.amount))
    if (!isIt) report('acknowledged-stays', `${bidId} was acknowledged at seq ${step.seq}`, id)
    first ??= step
    const isSame =
      step.seq === first.seq &&
      (step.amount === undefined || first.amount === undefined || step.amount === first.amount)
    if (!isSame)
      report(
        'same-answer',
        `${bidId} was acknowledged at ${first.seq}, then at ${step.seq} (${step.amount})`,
        id,
      )
  }
}

/**
 * Refusals of a bid that stands. A final one speaks of every copy. One that is not final speaks of the copies sent so far, where
 * all of them have been answered: a copy that was lost before, or is sent later, may count; and once the bid was acknowledged it
 * speaks of its own copy alone. `bid-id-reused` says itself that the bid stands.
 */
export function refusalsThatStand(bid: Bid, journals: Journals): BidAnswer[] {
  if (journals.placesOf(bid.auctionId, bid.bidId).length === 0) return []
  const lastInvoke = bid.steps.findLastIndex(({ t }) => t === 'invoke')
  const found: BidAnswer[] = []
  let open = 0
  let isAcknowledged = false
  for (const [index, step] of bid.steps.entries()) {
    if (step.t === 'invoke') open++
    else if (step.outcome !== 'unknown') {
      open--
      isAcknowledged ||= step.outcome === 'accepted'
      const isOfAll = step.final === true || (open === 0 && index > lastInvoke && !isAcknowledged)
      const isRefusal = step.outcome === 'rejected' && step.code !== 'bid-id-reused'
      // What was acknowledged before may well be refused now, by its own id: that is for the rule of reasons.
      if (isRefusal && isOfAll) found.push(step)
    }
  }
  return found
}
