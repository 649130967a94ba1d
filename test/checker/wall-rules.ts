import type { Bids } from './bids.ts'
import type { Lines } from './lines.ts'
import type { Journals } from './journals.ts'
import type { Report } from './violation.ts'

/** How far cluster time may be from the wall clock of the machine that everything runs on, always. */
const clockSlackMs = 1_000

/** The driver's wall clock, which no node can bend: nobody hears of a close early, and no bid is stamped before it was sent. */
export function checkWallClock(lines: Lines, bids: Bids, journals: Journals, report: Report): void {
  const slackMs = clockSlackMs + (lines.meta[0]?.clockSlackMs ?? 0)
  for (const { auctionId: id, kind, events, watcher, wallMs } of lines.feed) {
    if (kind !== 'events') continue
    for (const { type, seq } of events) {
      if (type !== 'AuctionClosed') continue
      const earlyMs = journals.standingAt(id, seq).endsAt - wallMs
      if (earlyMs > slackMs)
        report('close-not-early', `${watcher} heard of it ${Math.round(earlyMs)} ms early`, id)
    }
  }
  const [anyFeed] = lines.feed
  if (anyFeed === undefined) return
  // Both are the driver's clocks and go equally fast: one line tells how far apart they are.
  const wallOfZeroMs = anyFeed.wallMs - anyFeed.atMs
  for (const { auctionId: id, bidId, firstInvokeMs } of bids.all) {
    const event = journals.eventAt(id, journals.placesOf(id, bidId)[0] ?? 0)
    if (event === undefined || firstInvokeMs === undefined) continue
    const backMs = wallOfZeroMs + firstInvokeMs - Date.parse(event.at)
    if (backMs > slackMs)
      report('bid-in-time', `${bidId} is stamped ${Math.round(backMs)} ms before it was sent`, id)
  }
}
