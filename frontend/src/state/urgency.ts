import type { AuctionJson } from '../../../src/protocol/auction.ts'

export type Urgency = 'waiting' | 'calm' | 'minute' | 'seconds' | 'closing' | 'over'

/** How near the end is; colour, icon and word all go by it. */
export function urgencyOf(auction: AuctionJson, nowMs: number): Urgency {
  if (auction.phase === 'scheduled') return 'waiting'
  if (auction.phase !== 'open') return 'over'
  const leftMs = Date.parse(auction.endsAt) - nowMs
  if (leftMs <= 0) return 'closing'
  if (leftMs <= 10_000) return 'seconds'
  return leftMs <= 60_000 ? 'minute' : 'calm'
}

const minuteMs = 60_000
const hourMs = 60 * minuteMs

/** How full the ring is, 0 to 1: like the hand of a clock it goes round once in the last minute, and once in the hour before. */
export function ringShare(auction: AuctionJson, nowMs: number): number {
  if (auction.phase === 'scheduled') return 1
  if (auction.phase !== 'open') return 0
  const leftMs = Math.max(0, Date.parse(auction.endsAt) - nowMs)
  if (leftMs <= minuteMs) return leftMs / minuteMs
  if (leftMs <= hourMs) return leftMs / hourMs
  return Math.min(
    1,
    leftMs / Math.max(hourMs, Date.parse(auction.endsAt) - Date.parse(auction.startsAt)),
  )
}
