import type { CloseAuction } from './commands.ts'
import type { AuctionExtended } from './events.ts'
import type { Open } from './state.ts'

/** How far before the end an outage counts: who could not bid earlier than this still had time to. */
export const creditWindowMs = 30_000

/**
 * The extension that gives back what the newest outage took, or undefined where nothing is owed.
 *
 * With E the end in force and `at` (E or later) the time of this credit:
 *
 *     lost   = how much of the outage lies between max(E - creditWindowMs, startsAt, creditedUntil) and E
 *     endsAt = at + lost
 *
 * Between E and `at` every bid was late, so that time is given back as well: from the moment the credit is in the journal
 * bidders have exactly as long as the outage took from them, however long the store or a leader was away. Time before
 * `creditedUntil`, the last credit, was settled by it: intervals that overlap are given back once, whatever they are called.
 * Before the start nobody could bid, and an outage that began after the end took nothing; where outage and `servingSince`
 * disagree, the store has served.
 * Not promised: the time of an older break, when a second one follows.
 */
export function outageCredit(
  auction: Open,
  { servingSince, outage }: Pick<CloseAuction, 'servingSince' | 'outage'>,
  at: number,
): AuctionExtended | undefined {
  const { endsAt, creditedOutages, creditedUntil, conditions } = auction
  if (outage === undefined || creditedOutages.includes(outage.id)) return undefined
  const lostFrom = Math.max(
    outage.from,
    endsAt - creditWindowMs,
    conditions.startsAt,
    creditedUntil,
  )
  const lostMs = Math.min(outage.to, servingSince, endsAt) - lostFrom
  if (lostMs <= 0) return undefined
  return {
    type: 'AuctionExtended',
    at,
    reason: 'outage',
    from: endsAt,
    endsAt: at + lostMs,
    outageId: outage.id,
  }
}
