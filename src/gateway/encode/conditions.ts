import type { IncrementBand, SoftClose } from '../../auction/conditions.ts'
import { formatAmount } from '../../auction/money.ts'
import type { IncrementJson, SoftCloseJson } from '../../protocol/auction.ts'
import { formatInstant } from '../instant.ts'

/** One amount where one band holds throughout, else all bands. */
export function encodeIncrements(bands: readonly IncrementBand[], currency: string): IncrementJson {
  const [first] = bands
  if (first !== undefined && bands.length === 1) return formatAmount(first.stepMinor, currency)
  return bands.map((band) => ({
    from: formatAmount(band.fromMinor, currency),
    step: formatAmount(band.stepMinor, currency),
  }))
}

export function encodeSoftClose(softClose: SoftClose | null): SoftCloseJson | null {
  if (softClose === null) return null
  const { windowMs, extensionMs, mode, maxExtensions, hardEndsAt } = softClose
  return {
    windowMs,
    extensionMs,
    mode,
    ...(maxExtensions !== undefined && { maxExtensions }),
    ...(hardEndsAt !== undefined && { hardEndsAt: formatInstant(hardEndsAt) }),
  }
}
