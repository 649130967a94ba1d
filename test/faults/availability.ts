import { type HistoryLine, linesOf } from '../checker/history.ts'
import type { AvailabilityCount } from './run-result.ts'

const withinMs = 5_000

/** Of all bids, how many learned accepted, or a refusal, within 5 s of their first sending. */
export function availabilityOf(history: readonly HistoryLine[]): AvailabilityCount {
  const sentMs = new Map<string, number>()
  for (const { bidId, atMs } of linesOf(history, 'invoke')) {
    if (!sentMs.has(bidId)) sentMs.set(bidId, atMs)
  }
  const inTime = new Set<string>()
  for (const { bidId, atMs, outcome } of linesOf(history, 'answer')) {
    const firstMs = sentMs.get(bidId)
    if (outcome === 'unknown' || firstMs === undefined) continue
    if (atMs - firstMs <= withinMs) inTime.add(bidId)
  }
  return { bids: sentMs.size, inTime: inTime.size, withinMs }
}
