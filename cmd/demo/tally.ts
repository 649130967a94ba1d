import type { BidOutcome } from '../../src/client/client.ts'

/** What became of the robots' bids. */
export interface Tally {
  add(outcome: BidOutcome): void
  moved(): void
  text(): string
}

export function createTally(): Tally {
  const counts = { accepted: 0, rejected: 0, unknown: 0, sentAgain: 0, moved: 0 }
  return {
    add({ outcome, copyCount }) {
      counts[outcome]++
      if (copyCount > 1) counts.sentAgain++
    },
    moved() {
      counts.moved++
    },
    text: () =>
      `bids: ${counts.accepted} accepted, ${counts.rejected} refused, ${counts.unknown} unknown; ` +
      `${counts.sentAgain} sent again, ${counts.moved} moves to another node`,
  }
}
