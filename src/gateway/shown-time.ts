import type { ClusterTime } from '../engine/engine.ts'
import type { Clock } from '../lib/clock.ts'

/** Cluster time for display; while unsettled the best guess there is. Never for stamping: the engine stamps. */
export type ShownTime = () => number

export function createShownTime(time: ClusterTime, clock: Clock): ShownTime {
  return () => time.now() ?? clock.wallMs() + time.offsetMs()
}
