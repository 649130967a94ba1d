import type { Conditions, IncrementBand, SoftClose } from './conditions.ts'
import { amountMaxMinor } from './money.ts'
import type { Rejection } from './rejection.ts'

export type BadConditions = Extract<Rejection, { code: 'bad-conditions' }>

const durationMinMs = 1_000
export const durationMaxMs = 90 * 86_400_000
/** Bounded, like the bands, so that the auction's state stays small. */
const incrementBandsMax = 32
const softCloseSpanMaxMs = 86_400_000
/** Of a soft close that says neither how often nor until when. */
const openSpanMaxMs = 3_600_000
/** How far ahead a start may be. */
export const startAheadMaxMs = 366 * 86_400_000
/** The last instant that RFC 3339 can write: the end of the year 9999. */
export const instantMax = 253_402_300_799_999

/**
 * Undefined when the conditions make a sale that can be held, else the first contradiction; `field` is its path as in
 * `Conditions`. `at` is when the auction is created; a start in the past is now.
 */
export function checkConditions(conditions: Conditions, at: number): BadConditions | undefined {
  const { currency, startPriceMinor, increments, softClose } = conditions
  if (!/^[A-Z]{3}$/.test(currency)) return bad('currency', 'three capital letters (ISO 4217)')
  if (!isAmount(startPriceMinor)) return bad('startPriceMinor', 'a positive amount')
  return (
    checkIncrements(increments) ??
    checkTimes(conditions, at) ??
    (softClose === null ? undefined : checkSoftClose(softClose, conditions.endsAt))
  )
}

function checkTimes({ startsAt, endsAt }: Conditions, at: number): BadConditions | undefined {
  if (!isInstant(startsAt)) return bad('startsAt', 'an instant in whole ms')
  if (!isInstant(endsAt)) return bad('endsAt', 'an instant in whole ms')
  if (startsAt - at > startAheadMaxMs) return bad('startsAt', 'at most 366 days ahead')
  if (endsAt <= at) return bad('endsAt', 'in the future')
  if (endsAt - startsAt < durationMinMs) return bad('endsAt', 'at least a second after startsAt')
  if (endsAt - startsAt > durationMaxMs) return bad('endsAt', 'at most 90 days after startsAt')
  return undefined
}

function checkIncrements(bands: readonly IncrementBand[]): BadConditions | undefined {
  if (bands.length === 0 || bands.length > incrementBandsMax) {
    return bad('increments', `1 to ${incrementBandsMax} bands`)
  }
  for (const [index, band] of bands.entries()) {
    const field = `increments[${index}]`
    if (!isAmount(band.stepMinor)) return bad(`${field}.stepMinor`, 'a positive amount')
    const previous = bands[index - 1]
    if (previous === undefined) {
      if (band.fromMinor !== 0) return bad(`${field}.fromMinor`, 'the first band begins at 0')
    } else if (!isAmount(band.fromMinor) || band.fromMinor <= previous.fromMinor) {
      return bad(`${field}.fromMinor`, 'above that of the band before')
    }
  }
  return undefined
}

function checkSoftClose(softClose: SoftClose, endsAt: number): BadConditions | undefined {
  const { windowMs, extensionMs, mode, maxExtensions, hardEndsAt } = softClose
  if (!isSpan(windowMs)) return bad('softClose.windowMs', 'whole ms, up to a day')
  if (!isSpan(extensionMs)) return bad('softClose.extensionMs', 'whole ms, up to a day')
  const isBounded = maxExtensions !== undefined || hardEndsAt !== undefined
  const detail = 'at most an hour without maxExtensions or hardEndsAt'
  if (!isBounded && windowMs > openSpanMaxMs) return bad('softClose.windowMs', detail)
  if (!isBounded && extensionMs > openSpanMaxMs) return bad('softClose.extensionMs', detail)
  if (!['add', 'reset'].includes(mode)) return bad('softClose.mode', 'add or reset')
  if (maxExtensions !== undefined && (!Number.isSafeInteger(maxExtensions) || maxExtensions < 0)) {
    return bad('softClose.maxExtensions', 'a whole number, 0 or more')
  }
  if (hardEndsAt !== undefined && !isInstant(hardEndsAt)) {
    return bad('softClose.hardEndsAt', 'an instant in whole ms')
  }
  if (hardEndsAt !== undefined && hardEndsAt < endsAt) {
    return bad('softClose.hardEndsAt', 'not before endsAt')
  }
  return undefined
}

function isAmount(minor: number): boolean {
  return Number.isSafeInteger(minor) && minor > 0 && minor <= amountMaxMinor
}

function isInstant(at: number): boolean {
  return Number.isSafeInteger(at) && at >= 0 && at <= instantMax
}

function isSpan(ms: number): boolean {
  return Number.isSafeInteger(ms) && ms > 0 && ms <= softCloseSpanMaxMs
}

function bad(field: string, detail: string): BadConditions {
  return { code: 'bad-conditions', field, detail }
}
