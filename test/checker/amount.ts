import type { IncrementJson } from '../../src/protocol/auction.ts'

/** `"120.00"` as 12000: what the checker knows of money. Amounts of one auction have the same decimals. */
export function minorOf(amount: string): number {
  return Number(amount.replace('.', ''))
}

export function incrementOver(standing: number, increment: IncrementJson): number {
  if (typeof increment === 'string') return minorOf(increment)
  let step = Number.NaN
  for (const band of increment) if (minorOf(band.from) <= standing) step = minorOf(band.step)
  return step
}
