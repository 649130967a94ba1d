import type { Clock } from '../lib/clock.ts'

/** Less than this between two looks is a wall clock that is slewed, or a process that was interrupted between two reads. */
const partingMs = 1_000

/**
 * By how much the wall clock has jumped away from the monotonic one since the last call, in milliseconds; 0 when they went on
 * together. A suspended machine stops one of them, a correction moves the other, and then neither tells how it was.
 */
export function createPartingGauge(clock: Clock): () => number {
  let aheadMs = clock.wallMs() - clock.monotonicMs()
  return () => {
    const beforeMs = aheadMs
    aheadMs = clock.wallMs() - clock.monotonicMs()
    const jumpedMs = aheadMs - beforeMs
    return Math.abs(jumpedMs) > partingMs ? jumpedMs : 0
  }
}
