import { type Clock, sleep } from '../lib/clock.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import { fillOf, type MeasureStore, type StoreSize, unknownSize } from '../store/size.ts'

/** How full the store is, as it was measured lately: beside all work, never on a bid's way. */
export interface StoreFill {
  /** In percent; undefined when nobody knows. Never waits. */
  percent(): number | undefined
}

export const storeFillTiming = {
  everyMs: 10_000,
  /** A measurement that takes longer counts as failed; the next waits for it all the same. */
  withinMs: 5_000,
  /** What was measured last is believed for so long while measurements fail. */
  believedMs: 60_000,
} as const

/** Said in the log once it is reached, and again after it fell below. */
const warnPercent = 60

export function createStoreFill(deps: {
  measure?: MeasureStore | undefined
  measureEveryMs?: number | undefined
  clock: Clock
  log: Log
  metrics: Metrics
}): StoreFill & { keep(signal: AbortSignal): Promise<void> } {
  const { measure, clock, log, metrics, measureEveryMs = storeFillTiming.everyMs } = deps
  let size: StoreSize = unknownSize
  let measuredAtMs = -Infinity
  let measuring: Promise<StoreSize> | undefined
  let isWarned = false

  const latest = () =>
    clock.monotonicMs() - measuredAtMs <= storeFillTiming.believedMs ? size : unknownSize
  const tell = () => {
    const { keys, bytes, bytesMax } = latest()
    metrics.gauge('store_keys', keys ?? Number.NaN)
    metrics.gauge('store_bytes', bytes ?? Number.NaN)
    metrics.gauge('store_bytes_max', bytesMax ?? Number.NaN)
    const percent = fillOf(latest()) ?? 0
    if (percent >= warnPercent && !isWarned) {
      log.warn({ percent: Math.round(percent), bytes, bytesMax }, 'the store fills up')
    }
    isWarned = percent >= warnPercent
  }
  const look = async (ask: MeasureStore, signal: AbortSignal) => {
    measuring ??= ask()
      .catch(() => unknownSize)
      .finally(() => (measuring = undefined))
    const late = sleep(clock, storeFillTiming.withinMs, signal).catch(() => undefined)
    const told = await Promise.race([measuring, late.then(() => unknownSize)])
    if (told.keys === null && told.bytes === null) return
    size = told
    measuredAtMs = clock.monotonicMs()
  }
  return {
    percent: () => fillOf(latest()),
    async keep(signal) {
      tell()
      if (measure === undefined) return
      while (!signal.aborted) {
        await look(measure, signal)
        tell()
        await sleep(clock, measureEveryMs, signal).catch(() => undefined)
      }
    },
  }
}
