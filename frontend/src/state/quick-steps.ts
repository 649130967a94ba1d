import { incrementAt } from '../../../src/auction/increment.ts'
import { formatAmount, parseAmount } from '../../../src/auction/money.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'

/** Increments above the minimum that are offered beside it. */
const stepCounts = [1, 2, 5] as const

export interface QuickStep {
  readonly stepCount: number
  /** Of the wire. */
  readonly amount: string
}

/** Amounts a few increments above the minimum, by the increment in force at each. */
export function quickStepsOf(auction: AuctionJson): QuickStep[] {
  const { minimumNextBid, currency, increment } = auction
  const minimum = minimumNextBid === null ? undefined : parseAmount(minimumNextBid, currency)
  if (minimum === undefined) return []
  const minor = (amount: string) => parseAmount(amount, currency) ?? 0
  const bands =
    typeof increment === 'string'
      ? [{ fromMinor: 0, stepMinor: minor(increment) }]
      : increment.map(({ from, step }) => ({ fromMinor: minor(from), stepMinor: minor(step) }))
  return stepCounts.map((stepCount) => {
    let amount = minimum
    for (let step = 0; step < stepCount; step++) amount += incrementAt(amount, bands)
    return { stepCount, amount: formatAmount(amount, currency) }
  })
}
