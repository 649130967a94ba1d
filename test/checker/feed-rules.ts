import { type FeedSeen, type HistoryLine, linesOf } from './history.ts'
import { createEnd } from './end-in-force.ts'
import type { Journals } from './journals.ts'
import type { Report } from './violation.ts'

/** How far cluster time may be from the wall clock of the machine that everything runs on. */
const clockSlackMs = 1_000

/** Each watcher's feed of each auction: one run from its snapshot on, equal to the journal, up to its end. */
export function checkFeeds(
  history: readonly HistoryLine[],
  journals: Journals,
  report: Report,
): void {
  const feeds = new Map<string, FeedSeen[]>()
  for (const line of linesOf(history, 'feed')) {
    const key = `${line.watcher} ${line.auctionId}`
    const feed = feeds.get(key)
    if (feed === undefined) feeds.set(key, [line])
    else feed.push(line)
  }
  for (const feed of feeds.values()) checkFeed(feed, journals, report)
}

function checkFeed(feed: readonly FeedSeen[], journals: Journals, report: Report): void {
  const [first] = feed
  if (first === undefined) return
  const { auctionId: id, watcher } = first
  let seq = first.prevSeq
  for (const [index, update] of feed.entries()) {
    const where = `${watcher} at seq ${update.seq}`
    if (update.prevSeq !== seq)
      report('feed-run', `${where}: goes on from ${update.prevSeq}, was at ${seq}`, id)
    const isWhole = update.kind === 'events'
    const toldFrom = isWhole ? update.prevSeq + 1 : (update.events[0]?.seq ?? update.seq + 1)
    const isRun =
      update.events.every((event, place) => event.seq === toldFrom + place) &&
      toldFrom + update.events.length - 1 === update.seq
    if (!isRun) report('feed-run', `${where}: its events are no run`, id)
    const isSilentGap = index > 0 && update.jump === undefined && toldFrom > update.prevSeq + 1
    if (isSilentGap)
      report('feed-run', `${where}: left out ${toldFrom - update.prevSeq - 1} unsaid`, id)
    for (const event of update.events) {
      const entry = journals.eventAt(id, event.seq)
      const bidId = entry?.type === 'BidAccepted' ? entry.bidId : undefined
      if (entry?.type !== event.type || bidId !== event.bidId)
        report(
          'feed-equals-journal',
          `${watcher} saw another ${event.type} at seq ${event.seq}`,
          id,
        )
      if (event.type === 'AuctionClosed') checkCloseSeen(update, journals, report)
    }
    seq = update.seq
  }
  const length = journals.events(id).length
  if (seq !== length) report('feed-complete', `${watcher} ends at ${seq} of ${length}`, id)
}

/** Nobody hears of the close before the end in force, by a clock that is not the cluster's. */
function checkCloseSeen(update: FeedSeen, journals: Journals, report: Report): void {
  if (update.kind !== 'events') return
  const id = update.auctionId
  const [created, ...events] = journals.events(id)
  if (created?.type !== 'AuctionCreated') return
  const end = createEnd(created)
  for (const event of events) if (event.type === 'AuctionExtended') end.extended(event)
  const earlyMs = end.endsAt - update.wallMs
  if (earlyMs > clockSlackMs)
    report('close-not-early', `${update.watcher} heard of it ${Math.round(earlyMs)} ms early`, id)
}
