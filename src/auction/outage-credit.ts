import type { CloseAuction, Outage } from './commands.ts'
import type { AuctionExtended } from './events.ts'
import type { Open, Scheduled } from './state.ts'

/** How far before the end an outage counts: who could not bid earlier than this still had time to. */
export const creditWindowMs = 30_000

/**
 * The extension that gives back what this outage took, or undefined where nothing is owed.
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
 * Not promised: the time of another break, once this one is given back.
 */
export function outageCredit(
  auction: Open,
  { servingSince, outage }: Pick<CloseAuction, 'servingSince' | 'outage'>,
  at: number,
): AuctionExtended | undefined {
  if (outage === undefined) return undefined
  const lostMs = lostTime(auction, { ...outage, to: Math.min(outage.to, servingSince) })
  if (lostMs <= 0) return undefined
  const { endsAt } = auction
  return {
    type: 'AuctionExtended',
    at,
    reason: 'outage',
    from: endsAt,
    endsAt: at + lostMs,
    outageId: outage.id,
  }
}

/** How much an outage took from an auction, in ms, as `outageCredit` counts it; 0 when nothing, or nothing that is still owed. */
export function lostTime(auction: Scheduled | Open, { id, from, to }: Outage): number {
  const { endsAt, conditions } = auction
  const settled = auction.phase === 'open' ? auction.creditedOutages : []
  const creditedUntil = auction.phase === 'open' ? auction.creditedUntil : 0
  if (settled.includes(id)) return 0
  const since = Math.max(from, endsAt - creditWindowMs, conditions.startsAt, creditedUntil)
  return Math.max(0, Math.min(to, endsAt) - since)
}
