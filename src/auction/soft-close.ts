import type { SoftClose } from './conditions.ts'

/** Of an auction whose conditions name no other bound: no auction is without an end. */
export const extensionsMax = 1_000

/** What a move of the end depends on. Instants and spans in ms. */
export interface SoftCloseCase {
  readonly softClose: SoftClose | null
  /** The end in force. */
  readonly endsAt: number
  /** When the bid was accepted; before `endsAt`. */
  readonly at: number
  /** Soft-close extensions so far; outage credits are not counted. */
  readonly extensionCount: number
  /** Time given back for outages so far: the hard end moves by as much. */
  readonly creditedMs: number
}

/**
 * The end after a bid that changed the standing bid, or undefined where it stays. Never earlier than the end in force.
 * Exactly `windowMs` left is not late yet.
 */
export function softCloseEnd(given: SoftCloseCase): number | undefined {
  const { softClose, endsAt, at } = given
  if (softClose === null || endsAt - at >= softClose.windowMs) return undefined
  const { maxExtensions = softClose.hardEndsAt === undefined ? extensionsMax : Infinity } =
    softClose
  if (given.extensionCount >= maxExtensions) return undefined
  const wantedEnd = (softClose.mode === 'add' ? endsAt : at) + softClose.extensionMs
  const hardEnd = (softClose.hardEndsAt ?? Infinity) + given.creditedMs
  const newEnd = Math.min(wantedEnd, hardEnd)
  return newEnd > endsAt ? newEnd : undefined
}
