import { minorOf } from './amount.ts'
import type { FeedSeen } from './history.ts'
import type { Journals } from './journals.ts'
import type { Lines } from './lines.ts'
import type { Report } from './violation.ts'

/** Each watcher's feed of each auction: one run from its snapshot on, equal to the journal, up to its end. */
export function checkFeeds(lines: Lines, journals: Journals, report: Report): void {
  const feeds = new Map<string, FeedSeen[]>()
  for (const line of lines.feed) {
    const key = `${line.watcher} ${line.auctionId}`
    const feed = feeds.get(key)
    if (feed === undefined) feeds.set(key, [line])
    else feed.push(line)
  }
  const isCutShort = lines.meta[0]?.isCutShort === true
  for (const feed of feeds.values()) checkFeed(feed, journals, isCutShort, report)
}

function checkFeed(
  feed: readonly FeedSeen[],
  journals: Journals,
  isCutShort: boolean,
  report: Report,
): void {
  const [first] = feed
  if (first === undefined) return
  const { auctionId: id, watcher } = first
  let seq = first.prevSeq
  let closesTold = 0
  for (const [index, update] of feed.entries()) {
    checkRun(update, { seq, isFirst: index === 0 }, report)
    for (const event of update.events) {
      const entry = journals.eventAt(id, event.seq)
      const bidId = entry?.type === 'BidAccepted' ? entry.bidId : undefined
      if (entry?.type !== event.type || bidId !== event.bidId)
        report('feed-equals-journal', `${watcher} saw another ${event.type} at ${event.seq}`, id)
      if (event.type === 'AuctionClosed') closesTold++
    }
    if (isCloseShown(update, index === 0, journals) && closesTold === 0) closesTold++
    checkShown(update, journals, report)
    seq = update.seq
  }
  const length = journals.events(id).length
  if (seq > length || (seq < length && !isCutShort))
    report('feed-complete', `${watcher} ends at ${seq} of ${length}`, id)
  const isClosed = journals.standingAt(id, seq).phase === 'closed'
  if (closesTold !== (isClosed ? 1 : 0))
    report('feed-one-close', `${watcher} heard ${closesTold} times of the close`, id)
}

/** A page that begins, or catches up, after the end need not have the event, if it shows the auction closed. */
function isCloseShown(update: FeedSeen, isFirst: boolean, journals: Journals): boolean {
  const isClosed = journals.standingAt(update.auctionId, update.seq).phase === 'closed'
  if (update.jump !== undefined) return update.shown?.phase === 'closed'
  return isFirst && isClosed && update.kind === 'snapshot' && update.events.length === 0
}

/** One update goes on where the one before it ended, tells nothing twice and leaves out nothing unsaid. */
function checkRun(
  update: FeedSeen,
  before: { seq: number; isFirst: boolean },
  report: Report,
): void {
  const { watcher, auctionId: id, prevSeq, events } = update
  const where = `${watcher} at seq ${update.seq}`
  if (prevSeq !== before.seq)
    report('feed-run', `${where}: goes on from ${prevSeq}, was at ${before.seq}`, id)
  const isWhole = update.kind === 'events'
  const toldFrom = isWhole ? prevSeq + 1 : (events[0]?.seq ?? update.seq + 1)
  const isRun =
    events.every((event, place) => event.seq === toldFrom + place) &&
    toldFrom + events.length - 1 === update.seq
  if (!isRun) report('feed-run', `${where}: its events are no run`, id)
  if (before.isFirst || update.jump !== undefined) return
  if (toldFrom > prevSeq + 1)
    report('feed-run', `${where}: left out ${toldFrom - prevSeq - 1} unsaid`, id)
  if (toldFrom <= prevSeq) report('feed-run', `${where}: told ${toldFrom} twice`, id)
}

/** What the page showed with this update follows from the journal up to there. */
function checkShown(update: FeedSeen, journals: Journals, report: Report): void {
  const { shown, seq, auctionId: id } = update
  if (shown === undefined) return
  const is = journals.standingAt(id, seq)
  const wrong: string[] = []
  if (shown.phase !== undefined && shown.phase !== is.phase) wrong.push(shown.phase)
  if (shown.endsAt !== undefined && Date.parse(shown.endsAt) !== is.endsAt)
    wrong.push(`end ${shown.endsAt}`)
  if (shown.extensions !== undefined && shown.extensions !== is.extensions)
    wrong.push(`${shown.extensions} extensions`)
  if (shown.bidCount !== undefined && shown.bidCount !== is.bidCount)
    wrong.push(`${shown.bidCount} bids`)
  if (shown.standing !== undefined) {
    const { bidder, amount } = shown.standing ?? { bidder: undefined, amount: undefined }
    const price = amount === undefined ? undefined : minorOf(amount)
    if (bidder !== is.bidder || price !== is.priceMinor) wrong.push(`${bidder} at ${amount}`)
  }
  if (wrong.length > 0)
    report('feed-equals-journal', `${update.watcher} was shown ${wrong.join(', ')} at ${seq}`, id)
}
