import { type HistoryLine, linesOf } from '../../checker/history.ts'
import { percentile } from '../gaps.ts'

/** From the journals' instants to the driver's clock: by what watchers saw, else by the beacons. Good to some ten ms. */
export function driverMsOf(history: readonly HistoryLine[]): (wallMs: number) => number {
  const feeds = linesOf(history, 'feed').map(({ atMs, wallMs }) => wallMs - atMs)
  const beacons = linesOf(history, 'beacon').map(({ atMs, timeMs }) => timeMs - atMs)
  const offsetMs = percentile(feeds.length > 0 ? feeds : beacons, 0.5) ?? 0
  return (wallMs) => wallMs - offsetMs
}
