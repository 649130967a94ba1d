import { minorOf } from './amount.ts'
import { createEnd, type End } from './end-in-force.ts'
import { type Conditions, isOver, leastOver, type Standing } from './fold.ts'
import type { JournalEvent, LineOf } from './history.ts'
import type { Journals } from './journals.ts'
import type { Report } from './violation.ts'

type Bid = Extract<JournalEvent, { type: 'BidAccepted' }>
type Closed = Extract<JournalEvent, { type: 'AuctionClosed' }>

/** One auction while its journal is read: what came before the event in hand. */
interface Reading {
  readonly id: string
  readonly conditions: Conditions
  readonly end: End
  readonly outages: Set<string>
  readonly bidsSeen: Set<string>
  readonly report: Report
  lastAt: number
  creditedAt: number
}

/** What one journal says by itself: sequence, openings, prices, ends, close. */
export function checkJournal(
  id: string,
  journals: Journals,
  meta: LineOf<'meta'> | undefined,
  report: Report,
): void {
  const events = journals.events(id)
  const [created] = events
  const conditions = journals.conditions(id)
  if (created?.type !== 'AuctionCreated' || conditions === undefined) {
    report('seq-run', 'the journal does not begin with its creation', id)
    return
  }
  const reading: Reading = {
    ...{ id, conditions, end: createEnd(created), report },
    ...{ outages: new Set<string>(), bidsSeen: new Set<string>() },
    ...{ lastAt: Number.NEGATIVE_INFINITY, creditedAt: Number.NEGATIVE_INFINITY },
  }
  events.forEach((event, index) => {
    checkEvent(reading, event, index, journals.standingAt(id, index))
  })
  if (reading.end.owed !== undefined)
    report('end-recomputed', 'the last bid should have extended', id)
  const last = journals.standingAt(id, events.length)
  if (!isOver(last) && meta?.isCutShort !== true)
    report('all-closed', `its journal ends while it is ${last.phase}`, id)
}

function checkEvent(reading: Reading, event: JournalEvent, index: number, before: Standing): void {
  const { id, report, end, conditions } = reading
  const at = Date.parse(event.at)
  if (event.seq !== index + 1) report('seq-run', `seq ${event.seq} at place ${index + 1}`, id)
  if (at < reading.lastAt) report('seq-run', `time runs back at seq ${event.seq}`, id)
  reading.lastAt = Math.max(reading.lastAt, at)
  checkDebt(reading, event)
  if (isOver(before)) {
    const isEnd = event.type === 'AuctionClosed' || event.type === 'AuctionCancelled'
    const rule = isEnd ? 'one-close' : 'nothing-after-close'
    report(rule, `${event.type} at seq ${event.seq}, when it was ${before.phase}`, id)
  }
  switch (event.type) {
    case 'AuctionCreated':
      if (index > 0) report('seq-run', `created again at seq ${event.seq}`, id)
      break
    case 'AuctionOpened':
      if (before.phase !== 'scheduled')
        report('opens-first', `opened at seq ${event.seq}, when it was ${before.phase}`, id)
      if (at < conditions.startsAt)
        report('opens-first', `opened ${conditions.startsAt - at} ms before its start`, id)
      break
    case 'BidAccepted':
      checkBid(reading, event, at, before)
      end.bid(at)
      break
    case 'AuctionExtended':
      checkMove(reading, event, at)
      end.extended(event)
      break
    case 'AuctionClosed':
      if (at < end.endsAt) report('close-not-early', `closed ${end.endsAt - at} ms early`, id)
      if (before.phase === 'scheduled') report('opens-first', 'closed before it opened', id)
      checkResult(reading, event, before)
      break
    case 'AuctionCancelled':
      if (before.bidCount > 0) report('one-close', `cancelled over ${before.bidCount} bids`, id)
  }
}

function checkBid(reading: Reading, event: Bid, at: number, before: Standing): void {
  const { id, report, end, conditions, bidsSeen } = reading
  const { seq, bidId, bidder } = event
  const name = `${bidder.id} ${bidId}`
  if (bidsSeen.has(name)) report('bid-once', `${bidId} twice, again at ${seq}`, id)
  bidsSeen.add(name)
  const amount = minorOf(event.amount)
  const least = leastOver(before, conditions)
  if (!(amount >= least)) report('price-rises', `seq ${seq}: ${amount} below ${least}`, id)
  if (before.phase === 'scheduled') report('opens-first', `seq ${seq} is a bid, not open yet`, id)
  if (bidder.id === conditions.seller) report('bidder-allowed', `seq ${seq} is the seller's`, id)
  if (bidder.id === before.bidder && !conditions.mayRaiseOwnBid)
    report('bidder-allowed', `seq ${seq}: ${bidder.id} outbids themselves`, id)
  if (at >= end.endsAt) report('bid-in-time', `seq ${seq} is stamped after the end`, id)
}

/** A bid in the window and its extension stand next to each other, or one of them is wrong. */
function checkDebt({ id, end, report }: Reading, event: JournalEvent): void {
  const isSoftClose = event.type === 'AuctionExtended' && event.reason === 'soft-close'
  const told = isSoftClose ? Date.parse(event.endsAt) : undefined
  if (told === end.owed) return
  report(
    'end-recomputed',
    `seq ${event.seq}: end ${told ?? 'kept'}, should be ${end.owed ?? 'kept'}`,
    id,
  )
}

/** How far before the end an outage counts: so much time can be lost to it, and no more. */
const creditWindowMs = 30_000

function checkMove(
  reading: Reading,
  event: Extract<JournalEvent, { type: 'AuctionExtended' }>,
  at: number,
): void {
  const { id, end, outages, report } = reading
  const from = Date.parse(event.from)
  const to = Date.parse(event.endsAt)
  const where = `seq ${event.seq}`
  if (from !== end.endsAt)
    report('end-recomputed', `${where}: moves from ${event.from}, which was not in force`, id)
  if (to <= end.endsAt) report('end-recomputed', `${where}: the end moves back, or not at all`, id)
  if (event.reason !== 'outage') return
  const { outageId } = event
  if (outageId !== undefined && outages.has(outageId))
    report('outage-once', `${where}: ${outageId} is given back again`, id)
  if (outageId !== undefined) outages.add(outageId)
  if (at < end.endsAt) report('outage-once', `${where}: given back before the end was reached`, id)
  // What the last credit settled is not given back again: only time since then can have been lost.
  const lostMaxMs = Math.min(creditWindowMs, end.endsAt - reading.creditedAt)
  if (to - at > lostMaxMs)
    report('outage-once', `${where}: gives ${to - at} ms where ${lostMaxMs} can be owed`, id)
  reading.creditedAt = at
}

function checkResult({ id, report }: Reading, { result }: Closed, before: Standing): void {
  const isSold = before.bidCount > 0
  if ((result.outcome === 'sold') !== isSold)
    report('same-winner', `${result.outcome} over ${before.bidCount} bids`, id)
  if (result.winner?.id !== before.bidder)
    report('same-winner', `the close names ${result.winner?.id}, not ${before.bidder}`, id)
  const price = result.hammerPrice === undefined ? undefined : minorOf(result.hammerPrice)
  if (price !== before.priceMinor)
    report('same-winner', `hammer price ${price}, the highest bid is ${before.priceMinor}`, id)
}
