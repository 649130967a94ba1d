import type { Clock } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import { createPartingGauge } from './parting-gauge.ts'
import { createSampleWindow, type SampleWindow } from './sample-window.ts'

/**
 * One node's idea of cluster time: its own monotonic clock plus an offset.
 *
 * A beacon arrives late by an unknown delay, never early: each is a lower bound of the offset, and the greatest of the window is
 * the best (the minimum filter over delays). Towards it the offset is slewed, at most `slewMax`; only a lag that is
 * certain and large is stepped, forward. So what `now` tells never runs back.
 */
export interface Estimate {
  /** Cluster time in whole milliseconds since 1970; undefined while unsettled. Never less than it told before. */
  now(): number | undefined
  /** How far it may be off, in milliseconds, as far as the samples tell: no bound. Infinity while unsettled. */
  errorMs(): number
  /** A beacon of that term arrived just now. */
  sample(term: bigint, timeMs: number): void
  /** Where time goes on from here, not below what was told, also where `now` waits for it; undefined while unsettled. */
  courseMs(): number | undefined
  /** What a beacon proves that it is at least, also while unsettled; -Infinity before the first. */
  provenMs(): number
  /** What was told last; 0 before. */
  toldMs(): number
  /**
   * From now on this node's clock is the cluster's: the offset stands until a sample of a later term. Answers the offset in
   * force, which is greater than the one asked for where that would run back.
   */
  govern(term: bigint, offsetMs: number): number
}

const samplesToSettle = 3
const slewMax = 500e-6
const driftMax = 100e-6
/** Behind by more than this is put right at once: a beacon proves it. */
const stepAheadMs = 100
/** Ahead by more than this is put right by waiting; less is slewed away. */
const strayMs = 1_000

export function createEstimate(deps: { clock: Clock; log: Log }): Estimate {
  const { clock, log } = deps
  const samples = createSampleWindow()
  const partedMs = createPartingGauge(clock)
  let term = 0n
  let isGoverning = false
  let offsetMs: number | undefined
  let slewedAtMs = 0
  let toldMs = 0

  const adopt = (nowMs: number, adoptedMs: number | undefined) => {
    offsetMs = adoptedMs
    slewedAtMs = nowMs
  }
  /** Brings the offset up to date and answers the monotonic clock. */
  const refresh = (): number => {
    const nowMs = clock.monotonicMs()
    const jumpedMs = partedMs()
    if (jumpedMs !== 0) {
      log.warn({ jumpedMs }, 'wall and monotonic clock parted; cluster time is unsettled')
      samples.clear()
      isGoverning = false
      adopt(nowMs, undefined)
    } else if (offsetMs !== undefined && !isGoverning && samples.size > 0) {
      const stepMaxMs = (nowMs - slewedAtMs) * slewMax
      const behindMs = samples.bestMs() - offsetMs
      adopt(nowMs, offsetMs + Math.max(-stepMaxMs, Math.min(stepMaxMs, behindMs)))
    }
    return nowMs
  }
  return {
    now() {
      const nowMs = refresh()
      if (offsetMs === undefined) return undefined
      const timeMs = Math.floor(nowMs + offsetMs)
      // A stray estimate was put right: silent until time has caught up with what was told.
      if (timeMs < toldMs) return undefined
      toldMs = timeMs
      return timeMs
    },
    errorMs() {
      const nowMs = refresh()
      if (offsetMs === undefined) return Infinity
      if (isGoverning) return 0
      const slewingMs = samples.size === 0 ? 0 : Math.abs(samples.bestMs() - offsetMs)
      return slewingMs + samples.jitterMs() + samples.ageMs(nowMs) * driftMax
    },
    sample(sampleTerm, timeMs) {
      const nowMs = refresh()
      if (isGoverning && sampleTerm <= term) return
      if (sampleTerm !== term) samples.clear()
      term = sampleTerm
      isGoverning = false
      samples.add(timeMs - nowMs, nowMs)
      adopt(nowMs, correct(offsetMs, samples))
    },
    courseMs() {
      const nowMs = refresh()
      return offsetMs === undefined ? undefined : Math.max(toldMs, nowMs + offsetMs)
    },
    provenMs: () => refresh() + samples.bestMs(),
    toldMs: () => toldMs,
    govern(ownTerm, askedMs) {
      const nowMs = refresh()
      adopt(nowMs, Math.max(askedMs, offsetMs ?? -Infinity, toldMs - nowMs))
      term = ownTerm
      isGoverning = true
      samples.clear()
      return offsetMs ?? askedMs
    },
  }
}

/** The offset after a new sample: what slewing cannot mend in reasonable time is adopted at once. */
function correct(offsetMs: number | undefined, samples: SampleWindow): number | undefined {
  const bestMs = samples.bestMs()
  const isEnough = samples.size >= samplesToSettle
  if (offsetMs === undefined) return isEnough ? bestMs : undefined
  if (bestMs > offsetMs + stepAheadMs) return bestMs
  return isEnough && bestMs < offsetMs - strayMs ? bestMs : offsetMs
}
