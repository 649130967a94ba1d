import { refusalsThatStand } from './bid-rules.ts'
import { type Bid, readBids } from './bids.ts'
import { type HistoryLine, lineKinds, type BidAnswer } from './history.ts'
import { readJournals } from './journals.ts'
import { groupLines } from './lines.ts'

/** What a history saw: a judgement is worth as much as there was to judge. */
export interface Sight {
  readonly lineCount: number
  readonly linesByKind: Readonly<Record<string, number>>
  readonly auctionCount: number
  readonly bidCount: number
  /** Bids by what their bidders knew in the end; a later copy that got lost takes nothing back. */
  readonly acknowledgedCount: number
  readonly refusedCount: number
  readonly unknownCount: number
  /** Of the unknown ones, how many the journals hold. */
  readonly unknownThatStandCount: number
  /** Told as refused, and standing all the same. Violations, unless the run was without the lock. */
  readonly refusedThatStandCount: number
  readonly watcherCount: number
  /** What is missing for a judgement to mean anything; empty when there was something to judge. */
  readonly missing: readonly string[]
}

export function sightOf(history: readonly HistoryLine[]): Sight {
  const lines = groupLines(history)
  const journals = readJournals(lines, () => undefined)
  const fates = { accepted: 0, rejected: 0, unknown: 0 }
  let unknownThatStandCount = 0
  let refusedThatStandCount = 0
  const bids = readBids(lines).all
  for (const bid of bids) {
    const fate = fateOf(bid)
    fates[fate]++
    const doesStand = journals.placesOf(bid.auctionId, bid.bidId).length > 0
    if (fate === 'unknown' && doesStand) unknownThatStandCount++
    if (refusalsThatStand(bid, journals).length > 0) refusedThatStandCount++
  }
  const missing = [
    ...(lines.end.length === 0 ? ['no end: the run broke off, or the file was cut'] : []),
    ...(lines.journal.length === 0 ? ['no journal'] : []),
    ...(fates.accepted === 0 ? ['no acknowledged bid'] : []),
  ]
  return {
    lineCount: history.length,
    linesByKind: Object.fromEntries(lineKinds.map((kind) => [kind, lines[kind].length])),
    auctionCount: journals.auctionIds.length,
    bidCount: bids.length,
    acknowledgedCount: fates.accepted,
    refusedCount: fates.rejected,
    unknownCount: fates.unknown,
    ...{ unknownThatStandCount, refusedThatStandCount, missing },
    watcherCount: new Set(lines.feed.map(({ watcher }) => watcher)).size,
  }
}

function fateOf(bid: Bid): BidAnswer['outcome'] {
  let fate: BidAnswer['outcome'] = 'unknown'
  for (const step of bid.steps) {
    if (step.t === 'answer' && step.outcome !== 'unknown' && fate !== 'accepted')
      fate = step.outcome
  }
  return fate
}
