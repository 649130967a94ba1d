import type { BidOutcome } from '../../src/client/client.ts'
import type { DemoTallyJson } from '../../src/protocol/demo.ts'
import type { JournalCheck } from './journal-check.ts'

/** What became of the robots' bids. */
export interface Tally {
  add(auctionId: string, outcome: BidOutcome): void
  moved(): void
  json(): DemoTallyJson
  text(): string
}

export function createTally(check: JournalCheck): Tally {
  const counts = { accepted: 0, rejected: 0, unknown: 0, sentAgain: 0, moved: 0 }
  return {
    add(auctionId, bid) {
      counts[bid.outcome]++
      if (bid.copyCount > 1) counts.sentAgain++
      if (bid.outcome === 'accepted') check.acknowledged(auctionId, bid)
    },
    moved() {
      counts.moved++
    },
    json: () => ({
      ...check.counts(),
      refused: counts.rejected,
      unknown: counts.unknown,
      sentAgain: counts.sentAgain,
    }),
    text() {
      const { found, lost } = check.counts()
      return (
        `bids: ${counts.accepted} accepted, ${counts.rejected} refused, ${counts.unknown} unknown; ` +
        `${counts.sentAgain} sent again, ${counts.moved} moves to another node; ` +
        `in the journal: ${found}, lost: ${lost}`
      )
    },
  }
}
