import { type BidAnswer, type HistoryLine, linesOf } from './history.ts'
import { incrementOver, minorOf } from './amount.ts'
import type { Journals } from './journals.ts'
import type { Report } from './violation.ts'

/** What bidders were told, held against the journal. Each rule is linear, or n log n where it sorts. */
export function checkBids(
  history: readonly HistoryLine[],
  journals: Journals,
  report: Report,
): void {
  const invokes = new Map(linesOf(history, 'invoke').map((line) => [line.bidId, line]))
  for (const answer of linesOf(history, 'answer')) {
    const { auctionId: id, bidId, outcome, seq } = answer
    const invoke = invokes.get(bidId)
    const places = journals.placesOf(id, bidId)
    if (places.length > 1) report('bid-once', `${bidId} stands at ${places.join(', ')}`, id)
    if (outcome === 'accepted') {
      const event = journals.eventAt(id, seq ?? 0)
      const isIt =
        event?.type === 'BidAccepted' &&
        event.bidId === bidId &&
        event.bidder.id === invoke?.bidder &&
        minorOf(event.amount) === minorOf(invoke.amount)
      if (!isIt) report('acknowledged-stays', `${bidId} was acknowledged at seq ${seq}`, id)
    }
    if (outcome === 'rejected') {
      if (places.length > 0) {
        const said = `${answer.code}${answer.final === true ? ', final' : ''}`
        report('refused-absent', `${bidId} was refused (${said}) and stands at ${places[0]}`, id)
      }
      checkReason(journals, answer, minorOf(invoke?.amount ?? 'NaN'), report)
    }
  }
}

/** A refusal names the seq it was decided at: its reason was true there. */
function checkReason(journals: Journals, refusal: BidAnswer, amount: number, report: Report): void {
  const { auctionId: id, bidId, code, seq } = refusal
  const created = journals.eventAt(id, 1)
  if (seq === undefined || created?.type !== 'AuctionCreated') return
  const { priceMinor, isClosed } = journals.standingAt(id, seq)
  if (code === 'closed' && !isClosed)
    report('refusal-true', `${bidId}: "closed" at seq ${seq}, where it was not`, id)
  if (code === 'bid-too-low') {
    const least =
      priceMinor === undefined
        ? minorOf(created.startPrice)
        : priceMinor + incrementOver(priceMinor, created.increment)
    if (amount >= least)
      report('refusal-true', `${bidId}: ${amount} was not too low at seq ${seq} (${least})`, id)
  }
}

/** Whoever was acknowledged before another began stands before it; a fresh read is not older than an acknowledgement. */
export function checkRealTime(history: readonly HistoryLine[], report: Report): void {
  const acknowledged = new Map<string, { atMs: number; seq: number; auctionId: string }>()
  for (const { bidId, auctionId, outcome, seq, atMs } of linesOf(history, 'answer')) {
    if (outcome !== 'accepted' || seq === undefined || acknowledged.has(bidId)) continue
    acknowledged.set(bidId, { atMs, seq, auctionId })
  }
  const firstInvoke = new Map<string, number>()
  for (const { bidId, atMs } of linesOf(history, 'invoke')) {
    if (!firstInvoke.has(bidId)) firstInvoke.set(bidId, atMs)
  }
  type Moment = { atMs: number; auctionId: string } & (
    | { kind: 'acknowledged'; seq: number }
    | { kind: 'bid'; seq: number; bidId: string }
    | { kind: 'read'; seq: number }
  )
  const moments: Moment[] = []
  for (const [bidId, { atMs, seq, auctionId }] of acknowledged) {
    moments.push({ kind: 'acknowledged', atMs, seq, auctionId })
    moments.push({ kind: 'bid', atMs: firstInvoke.get(bidId) ?? atMs, seq, auctionId, bidId })
  }
  for (const { invokedMs, seq, auctionId } of linesOf(history, 'read')) {
    moments.push({ kind: 'read', atMs: invokedMs, seq, auctionId })
  }
  moments.sort((a, b) => a.atMs - b.atMs)
  const newest = new Map<string, number>()
  for (const moment of moments) {
    const { auctionId, seq } = moment
    const known = newest.get(auctionId) ?? 0
    if (moment.kind === 'acknowledged') newest.set(auctionId, Math.max(known, seq))
    if (moment.kind === 'bid' && seq <= known)
      report(
        'real-time-order',
        `${moment.bidId} at ${seq} began after ${known} was known`,
        auctionId,
      )
    if (moment.kind === 'read' && seq < known)
      report('read-fresh', `a fresh read saw ${seq} after ${known} was acknowledged`, auctionId)
  }
}
