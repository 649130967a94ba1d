import { type HistoryLine, linesOf } from './history.ts'
import { minorOf } from './amount.ts'
import { createEnd } from './end-in-force.ts'
import type { Journals } from './journals.ts'
import type { Report } from './violation.ts'

/** All nodes show the end of every auction as its journal says. */
export function checkViews(
  history: readonly HistoryLine[],
  journals: Journals,
  report: Report,
): void {
  for (const view of linesOf(history, 'view')) {
    const { auctionId: id, node } = view
    const events = journals.events(id)
    const [created] = events
    if (created?.type !== 'AuctionCreated') {
      report('journals-equal', `${node} shows an auction without a journal`, id)
      continue
    }
    const end = createEnd(created)
    for (const event of events) if (event.type === 'AuctionExtended') end.extended(event)
    if (view.phase !== 'closed') report('all-closed', `${node} shows it ${view.phase}`, id)
    if (view.seq !== events.length)
      report('journals-equal', `${node} shows seq ${view.seq} of ${events.length}`, id)
    if (Date.parse(view.endsAt) !== end.endsAt || view.extensions !== end.extensions)
      report('end-recomputed', `${node}: ${view.endsAt} after ${view.extensions} extensions`, id)
    const best = events.findLast((event) => event.type === 'BidAccepted')
    const isSame =
      view.winner === best?.bidder.id &&
      (best === undefined || minorOf(view.hammerPrice ?? 'NaN') === minorOf(best.amount))
    if (!isSame) report('same-winner', `${node}: ${view.winner} at ${view.hammerPrice}`, id)
    const closed = events.find((event) => event.type === 'AuctionClosed')
    if (closed !== undefined && closed.result.winner?.id !== best?.bidder.id)
      report('same-winner', `the close names ${closed.result.winner?.id}`, id)
  }
}

/** What lies in the store is what the nodes tell. */
export function checkRawLogs(
  history: readonly HistoryLine[],
  journals: Journals,
  report: Report,
): void {
  for (const { auctionId: id, batches } of linesOf(history, 'raw')) {
    const events = journals.events(id)
    let seq = 0
    let revision = -1n
    for (const [index, batch] of batches.entries()) {
      if (batch.slot !== index + 1)
        report('raw-equals-journal', `slot ${batch.slot} at ${index}`, id)
      if (batch.firstSeq !== seq + 1)
        report('raw-equals-journal', `slot ${batch.slot} has a gap`, id)
      if (BigInt(batch.revision) <= revision)
        report('raw-equals-journal', `slot ${batch.slot} is older than the one before`, id)
      const told = events
        .slice(batch.firstSeq - 1, batch.firstSeq - 1 + batch.eventCount)
        .flatMap((event) => (event.type === 'BidAccepted' ? [event.bidId] : []))
      if (told.join() !== batch.bidIds.join())
        report('raw-equals-journal', `slot ${batch.slot} holds other bids`, id)
      seq += batch.eventCount
      revision = BigInt(batch.revision)
    }
    if (seq !== events.length)
      report('raw-equals-journal', `${seq} events, not ${events.length}`, id)
  }
}
