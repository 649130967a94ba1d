import type { HistoryLine } from './history.ts'
import { checkLeftovers, checkRecoveries } from './aftermath-rules.ts'
import { checkRawLogs, checkViews } from './agreement-rules.ts'
import { checkBids, checkSent } from './bid-rules.ts'
import { readBids } from './bids.ts'
import { checkFeeds } from './feed-rules.ts'
import { checkFrozen } from './frozen-rules.ts'
import { checkJournal } from './journal-rules.ts'
import { readJournals } from './journals.ts'
import { checkLeaders } from './leader-rules.ts'
import { groupLines } from './lines.ts'
import { checkReaders, checkRealTime } from './real-time-rules.ts'
import type { Report, Violation } from './violation.ts'
import { checkWallClock } from './wall-rules.ts'

/**
 * Judges a finished history: what bidders, watchers and nodes were told against the journal that is left, and the journal
 * against the rules of the sale (all of them: violation.ts). It shares no code with the engine. The sequence numbers give the
 * order, so nothing is searched: it takes n log n. Not judged: what was never seen (a feed nobody watched, a bid nobody sent).
 */
export function check(history: readonly HistoryLine[]): Violation[] {
  const violations: Violation[] = []
  const report: Report = (rule, detail, auctionId) =>
    violations.push(auctionId === undefined ? { rule, detail } : { rule, detail, auctionId })
  const lines = groupLines(history)
  const [meta] = lines.meta
  const journals = readJournals(lines, report)
  const bids = readBids(lines)
  for (const auctionId of journals.auctionIds) checkJournal(auctionId, journals, meta, report)
  checkBids(bids, journals, { isWithoutLock: meta?.without?.includes('lock') === true }, report)
  checkSent(bids, journals, report)
  checkRealTime(history, bids, journals, report)
  checkReaders(lines, report)
  checkWallClock(lines, bids, journals, report)
  checkViews(lines, journals, report)
  checkRawLogs(lines, journals, report)
  checkFeeds(lines, journals, report)
  checkLeaders(lines, report)
  if (lines.frozen.length > 0) checkFrozen(history, report)
  checkRecoveries(lines, report)
  checkLeftovers(lines, report)
  return violations
}
