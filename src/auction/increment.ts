import { must } from '../lib/assert.ts'
import type { IncrementBand } from './conditions.ts'
import type { Minor } from './money.ts'

/** The increment in force: the step of the last band not above the standing bid. Bands rise from 0 (`checkConditions`). */
export function incrementAt(standingMinor: Minor, bands: readonly IncrementBand[]): Minor {
  return must(bands.findLast((band) => band.fromMinor <= standingMinor) ?? bands[0], 'band')
    .stepMinor
}
