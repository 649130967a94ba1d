import { must } from '../lib/assert.ts'
import type { IncrementBand } from './conditions.ts'
import { amountMaxMinor, type Minor } from './money.ts'

/** The increment in force: the step of the last band not above the standing bid. Bands rise from 0 (`checkConditions`). */
export function incrementAt(standingMinor: Minor, bands: readonly IncrementBand[]): Minor {
  return must(bands.findLast((band) => band.fromMinor <= standingMinor) ?? bands[0], 'band')
    .stepMinor
}

/** What the next bid must reach over that one; null when it would be beyond every amount, so that nothing can follow. */
export function minimumAfter(standingMinor: Minor, bands: readonly IncrementBand[]): Minor | null {
  const minimumMinor = standingMinor + incrementAt(standingMinor, bands)
  return minimumMinor > amountMaxMinor ? null : minimumMinor
}
