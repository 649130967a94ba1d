import { minorOf } from './amount.ts'
import { isOver, type Standing } from './fold.ts'
import type { FinalView, RawLog } from './history.ts'
import type { Journals } from './journals.ts'
import type { Lines } from './lines.ts'
import type { Report } from './violation.ts'

/** All nodes show the end of every auction as its journal says. */
export function checkViews(lines: Lines, journals: Journals, report: Report): void {
  const isCutShort = lines.meta[0]?.isCutShort === true
  for (const view of lines.view) {
    const { auctionId: id, node } = view
    const length = journals.events(id).length
    if (length === 0) {
      report('journals-equal', `${node} shows an auction without a journal`, id)
      continue
    }
    if (!isCutShort && view.phase !== 'closed' && view.phase !== 'cancelled')
      report('all-closed', `${node} shows it ${view.phase}`, id)
    if (view.seq !== length && !(isCutShort && view.seq < length))
      report('journals-equal', `${node} shows seq ${view.seq} of ${length}`, id)
    checkView(view, journals.standingAt(id, view.seq), report)
  }
  if (!isCutShort) checkEveryNodeTells(lines, journals, report)
}

function checkView(view: FinalView, standing: Standing, report: Report): void {
  const { auctionId: id, node } = view
  if (view.phase !== standing.phase)
    report('journals-equal', `${node} shows it ${view.phase}, it is ${standing.phase}`, id)
  if (Date.parse(view.endsAt) !== standing.endsAt || view.extensions !== standing.extensions)
    report('end-recomputed', `${node}: ${view.endsAt} after ${view.extensions} extensions`, id)
  if (!isOver(standing)) return
  const price = view.hammerPrice === undefined ? undefined : minorOf(view.hammerPrice)
  if (view.winner !== standing.bidder || price !== standing.priceMinor)
    report('same-winner', `${node}: ${view.winner} at ${view.hammerPrice}`, id)
}

/** Whoever tells anything at the end tells view and journal of every auction in which somebody bid. */
function checkEveryNodeTells(lines: Lines, journals: Journals, report: Report): void {
  const views = new Map<string, Set<string>>()
  const tellings = new Map<string, Set<string>>()
  for (const { node, auctionId } of lines.view) setOf(views, node).add(auctionId)
  for (const { node, auctionId } of lines.journal) setOf(tellings, node).add(auctionId)
  const bidOn = new Set(
    lines.answer.flatMap((line) => (line.outcome === 'accepted' ? [line.auctionId] : [])),
  )
  for (const id of journals.auctionIds)
    if (journals.standingAt(id, journals.events(id).length).bidCount > 0) bidOn.add(id)
  const nodes = new Set([...views.keys(), ...tellings.keys()])
  for (const id of bidOn) {
    if (nodes.size === 0) report('views-complete', 'no node tells of it', id)
    for (const node of nodes) {
      if (views.get(node)?.has(id) !== true) report('views-complete', `${node} shows no view`, id)
      if (tellings.get(node)?.has(id) !== true)
        report('views-complete', `${node} tells no journal`, id)
    }
  }
}

function setOf(sets: Map<string, Set<string>>, name: string): Set<string> {
  const known = sets.get(name)
  if (known !== undefined) return known
  const fresh = new Set<string>()
  sets.set(name, fresh)
  return fresh
}

/** What lies in the store is what the nodes tell. */
export function checkRawLogs(lines: Lines, journals: Journals, report: Report): void {
  for (const raw of lines.raw) checkRawLog(raw, journals, report)
}

function checkRawLog({ auctionId: id, batches }: RawLog, journals: Journals, report: Report): void {
  const events = journals.events(id)
  let seq = 0
  let revision = -1n
  let term = -1n
  for (const [index, batch] of batches.entries()) {
    const where = `slot ${batch.slot}`
    if (batch.slot !== index + 1) report('raw-equals-journal', `${where} at ${index}`, id)
    if (batch.firstSeq !== seq + 1) report('raw-equals-journal', `${where} has a gap`, id)
    const itsRevision = BigInt(batch.revision)
    if (itsRevision <= revision)
      report('raw-equals-journal', `${where} is older than the one before`, id)
    revision = itsRevision
    const told = events
      .slice(batch.firstSeq - 1, batch.firstSeq - 1 + batch.eventCount)
      .flatMap((event) => (event.type === 'BidAccepted' ? [event.bidId] : []))
    if (told.join() !== batch.bidIds.join())
      report('raw-equals-journal', `${where} holds other bids`, id)
    if (batch.term !== undefined) {
      const itsTerm = BigInt(batch.term)
      if (itsTerm < term)
        report('terms-rise', `${where} was written in term ${itsTerm}, after ${term}`, id)
      else term = itsTerm
    }
    seq += batch.eventCount
  }
  if (seq !== events.length) report('raw-equals-journal', `${seq} events, not ${events.length}`, id)
}
