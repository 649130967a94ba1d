import type { HistoryLine } from './history.ts'
import { checkRawLogs, checkViews } from './agreement-rules.ts'
import { checkBids, checkRealTime } from './bid-rules.ts'
import { checkFeeds } from './feed-rules.ts'
import { checkFrozen } from './frozen-rules.ts'
import { checkJournal } from './journal-rules.ts'
import { readJournals } from './journals.ts'
import { checkLeaders } from './leader-rules.ts'
import type { Report, Violation } from './violation.ts'

/**
 * Judges a finished history: what bidders, watchers and nodes were told against the journal that is left, and the journal
 * against the rules of the sale. It shares no code with the engine. The sequence numbers give the order, so nothing is
 * searched: it takes n log n. Not judged: what was never seen (a feed nobody watched, a bid nobody sent).
 */
export function check(history: readonly HistoryLine[]): Violation[] {
  const violations: Violation[] = []
  const report: Report = (rule, detail, auctionId) =>
    violations.push(auctionId === undefined ? { rule, detail } : { rule, detail, auctionId })
  const journals = readJournals(history, report)
  for (const auctionId of journals.auctionIds)
    checkJournal(auctionId, journals.events(auctionId), report)
  checkBids(history, journals, report)
  checkRealTime(history, report)
  checkViews(history, journals, report)
  checkRawLogs(history, journals, report)
  checkFeeds(history, journals, report)
  checkLeaders(history, report)
  checkFrozen(history, report)
  return violations
}
