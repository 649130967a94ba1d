import type { Bid, Bids } from './bids.ts'
import type { HistoryLine } from './history.ts'
import type { Journals } from './journals.ts'
import type { Lines } from './lines.ts'
import { isMomentary } from './refusal-rules.ts'
import type { Report } from './violation.ts'

/** Somebody learns that so much is in the journal, or asks for something that may not be older than what is known. */
interface Moment {
  readonly atMs: number
  /** Decides at the same instant: the line's place in the history. */
  readonly order: number
  readonly kind: 'seen' | 'named' | 'sent' | 'read' | 'refused'
  readonly auctionId: string
  readonly seq: number
  /** Who was sent, read or refused. */
  readonly name: string
}

/**
 * Real time against the order of the journal. Whatever anybody had seen of it (an acknowledgement, a read, a feed, the seq that
 * a refusal names) stands before every bid that was sent afterwards, acknowledged or not; and neither a fresh read that began
 * afterwards nor a refusal that speaks of its moment may be older. One sort, one walk.
 */
export function checkRealTime(
  history: readonly HistoryLine[],
  bids: Bids,
  journals: Journals,
  report: Report,
): void {
  const moments = momentsOf(history, bids, journals)
  moments.sort((a, b) => a.atMs - b.atMs || a.order - b.order)
  const seen = new Map<string, number>()
  const named = new Map<string, number>()
  for (const { kind, auctionId: id, seq, name } of moments) {
    const newestSeen = seen.get(id) ?? 0
    const newest = Math.max(newestSeen, named.get(id) ?? 0)
    if (kind === 'seen') seen.set(id, Math.max(newestSeen, seq))
    if (kind === 'named') named.set(id, Math.max(newest, seq))
    if (kind === 'sent' && seq <= newestSeen)
      report('real-time-order', `${name} at ${seq} was sent after ${newestSeen} was known`, id)
    else if (kind === 'sent' && seq <= newest)
      report('refusal-true', `seq ${newest} was named before ${name}, now at ${seq}, was sent`, id)
    if (kind === 'read' && seq < newest)
      report('read-fresh', `${name} saw ${seq} after ${newest} was known`, id)
    if (kind === 'refused' && seq < newest)
      report('refusal-true', `${name}: as of seq ${seq}, sent after ${newest} was known`, id)
  }
}

function momentsOf(history: readonly HistoryLine[], bids: Bids, journals: Journals): Moment[] {
  const moments: Moment[] = []
  const sentAt = new Map<Bid, { atMs: number; order: number }>()
  for (const [order, line] of history.entries()) {
    if (line.t === 'invoke') {
      const { atMs, auctionId, bidId } = line
      const bid = bids.of(auctionId, bidId)
      if (bid === undefined || sentAt.has(bid)) continue
      sentAt.set(bid, { atMs, order })
      const [seq] = journals.placesOf(auctionId, bidId)
      if (seq !== undefined)
        moments.push({ atMs, order, kind: 'sent', auctionId, seq, name: bidId })
    } else if (line.t === 'answer') {
      const { atMs, auctionId, bidId, outcome, seq, code } = line
      if (seq === undefined || outcome === 'unknown') continue
      const kind = outcome === 'accepted' ? 'seen' : 'named'
      moments.push({ atMs, order, kind, auctionId, seq, name: bidId })
      const sent = isMomentary(code) ? sentAt.get(bids.of(auctionId, bidId) as Bid) : undefined
      if (sent !== undefined)
        moments.push({ ...sent, kind: 'refused', auctionId, seq, name: `${bidId} (${code})` })
    } else if (line.t === 'read') {
      const { atMs, invokedMs, auctionId, seq, client = 'a fresh read', isFresh = true } = line
      moments.push({ atMs, order, kind: 'seen', auctionId, seq, name: client })
      if (isFresh)
        moments.push({ atMs: invokedMs, order: -1, kind: 'read', auctionId, seq, name: client })
    } else if (line.t === 'feed' && line.jump !== 'other-history') {
      const { atMs, auctionId, seq, watcher } = line
      moments.push({ atMs, order, kind: 'seen', auctionId, seq, name: watcher })
    }
  }
  return moments
}

/** Each reader by themselves: a read that began after an earlier one ended is not older. */
export function checkReaders(lines: Lines, report: Report): void {
  const readers = new Map<string, { atMs: number; kind: 'began' | 'ended'; seq: number }[]>()
  for (const line of lines.read) {
    if (line.client === undefined) continue
    const key = `${line.auctionId} ${line.client}`
    const moments = readers.get(key) ?? []
    if (moments.length === 0) readers.set(key, moments)
    moments.push({ atMs: line.invokedMs, kind: 'began', seq: line.seq })
    moments.push({ atMs: line.atMs, kind: 'ended', seq: line.seq })
  }
  for (const [key, moments] of readers) {
    const [auctionId, client] = key.split(' ')
    moments.sort((a, b) => a.atMs - b.atMs || (a.kind < b.kind ? -1 : 1))
    let known = 0
    for (const { kind, seq } of moments) {
      if (kind === 'ended') known = Math.max(known, seq)
      else if (seq < known)
        report('reads-monotonic', `${client} read ${seq} after ${known}`, auctionId)
    }
  }
}
