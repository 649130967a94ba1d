import { type Availability, availability } from './availability.ts'
import { check } from './checker.ts'
import type { HistoryLine } from './history.ts'
import { type Sight, sightOf } from './sight.ts'
import type { Violation } from './violation.ts'

/** One history, judged. Passed only without a violation and with something to judge. */
export interface Judgement {
  readonly passed: boolean
  readonly sight: Sight
  readonly availability: Availability
  readonly violations: readonly Violation[]
}

/** A history that was cut off is not judged: what it lacks would look like what was lost. */
export function judgeHistory(history: readonly HistoryLine[]): Judgement {
  const sight = sightOf(history)
  const isWhole = (sight.linesByKind['end'] ?? 0) > 0
  const violations = isWhole ? check(history) : []
  const passed = violations.length === 0 && sight.missing.length === 0
  return { passed, sight, availability: availability(history), violations }
}

const percent = (share: number | undefined) =>
  share === undefined ? 'of none' : `${(share * 100).toFixed(2)} %`

/** In lines for people. */
export function judgementText(file: string, judgement: Judgement): string {
  const { sight, availability: available, violations } = judgement
  const lines = Object.entries(sight.linesByKind).flatMap(([kind, count]) =>
    count === 0 ? [] : [`${count} ${kind}`],
  )
  const { bidCount, acknowledgedCount, refusedCount, unknownCount } = sight
  return [
    file,
    `  saw ${sight.lineCount} lines: ${lines.join(', ')}`,
    `  ${sight.auctionCount} auctions, ${sight.watcherCount} watchers, ${bidCount} bids: ` +
      `${acknowledgedCount} acknowledged, ${refusedCount} refused, ${unknownCount} unknown ` +
      `(${sight.unknownThatStandCount} of them stand)`,
    `  settled within 5 s: ${percent(available.share)} (late ${available.lateCount}, ` +
      `put off ${available.putOffCount}, never ${available.neverCount})`,
    ...(sight.refusedThatStandCount > 0
      ? [`  ${sight.refusedThatStandCount} refused bids stand`]
      : []),
    ...sight.missing.map((what) => `  NOTHING TO JUDGE: ${what}`),
    ...violations.map(
      ({ rule, detail, auctionId }) =>
        `  VIOLATION ${rule}${auctionId === undefined ? '' : ` ${auctionId}`}: ${detail}`,
    ),
  ].join('\n')
}
