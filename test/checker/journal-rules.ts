import type { EventJson } from '../../src/protocol/event.ts'
import { incrementOver, minorOf } from './amount.ts'
import { createEnd, type End } from './end-in-force.ts'
import type { Report } from './violation.ts'

/** What one journal says by itself: sequence, prices, ends, close. */
export function checkJournal(id: string, events: readonly EventJson[], report: Report): void {
  const [created] = events
  if (created?.type !== 'AuctionCreated') {
    report('seq-run', 'the journal does not begin with its creation', id)
    return
  }
  const end = createEnd(created)
  const seenBids = new Set<string>()
  let standing: number | undefined
  let closedAtSeq: number | undefined
  let lastAt = Number.NEGATIVE_INFINITY
  events.forEach((event, index) => {
    const at = Date.parse(event.at)
    if (event.seq !== index + 1) report('seq-run', `seq ${event.seq} at place ${index + 1}`, id)
    if (at < lastAt) report('seq-run', `time runs back at seq ${event.seq}`, id)
    lastAt = Math.max(lastAt, at)
    checkDebt(end, event, id, report)
    if (closedAtSeq !== undefined) {
      const rule = event.type === 'AuctionClosed' ? 'one-close' : 'nothing-after-close'
      report(rule, `${event.type} at seq ${event.seq} after the close at ${closedAtSeq}`, id)
    }
    if (event.type === 'BidAccepted') {
      const name = `${event.bidder.id} ${event.bidId}`
      if (seenBids.has(name)) report('bid-once', `${event.bidId} twice, again at ${event.seq}`, id)
      seenBids.add(name)
      const amount = minorOf(event.amount)
      const least =
        standing === undefined
          ? minorOf(created.startPrice)
          : standing + incrementOver(standing, created.increment)
      if (amount < least) report('price-rises', `seq ${event.seq}: ${amount} below ${least}`, id)
      standing = amount
      if (at >= end.endsAt) report('bid-in-time', `seq ${event.seq} is stamped after the end`, id)
      end.bid(at)
    }
    if (event.type === 'AuctionExtended') end.extended(event)
    if (event.type === 'AuctionClosed') {
      if (at < end.endsAt) report('close-not-early', `closed ${end.endsAt - at} ms early`, id)
      closedAtSeq ??= event.seq
    }
  })
  if (end.owed !== undefined) report('end-recomputed', 'the last bid should have extended', id)
}

/** A bid in the window and its extension stand next to each other, or one of them is wrong. */
function checkDebt(end: End, event: EventJson, id: string, report: Report): void {
  const isSoftClose = event.type === 'AuctionExtended' && event.reason === 'soft-close'
  const told = isSoftClose ? Date.parse(event.endsAt) : undefined
  if (told === end.owed) return
  report(
    'end-recomputed',
    `seq ${event.seq}: end ${told ?? 'kept'}, should be ${end.owed ?? 'kept'}`,
    id,
  )
}
