import { afterEach, beforeEach, expect, it } from 'vitest'
import { createStoreFill, storeFillTiming } from '../../src/engine/store-fill.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Metrics } from '../../src/lib/metrics.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { type StoreSize, unknownSize } from '../../src/store/size.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

const half: StoreSize = { keys: 10, bytes: 50, bytesMax: 100 }
let clock: ManualClock
let stop: AbortController
let told: Record<string, number>
let answer: () => Promise<StoreSize>
let asked: number
let fill: ReturnType<typeof createStoreFill>
let kept: Promise<void>

beforeEach(async () => {
  clock = createManualClock()
  stop = new AbortController()
  told = {}
  asked = 0
  answer = async () => half
  const metrics: Metrics = { ...silentMetrics, gauge: (name, value) => (told[name] = value) }
  const measure = () => {
    asked++
    return answer()
  }
  fill = createStoreFill({ measure, clock, metrics, log: silentLog })
  kept = fill.keep(stop.signal)
  await clock.advance(1)
})
afterEach(async () => {
  stop.abort()
  await clock.advance(storeFillTiming.withinMs)
  await kept
})

it('how full the store is, is measured every ten seconds and told as metrics', async () => {
  expect(fill.percent()).toBe(50)
  expect(told).toEqual({ store_keys: 10, store_bytes: 50, store_bytes_max: 100 })
  answer = async () => ({ ...half, bytes: 95 })
  await clock.advance(storeFillTiming.everyMs)
  expect(fill.percent()).toBe(95)
  expect(asked).toBe(2)
})

it('what was measured is believed for a minute of failures, and then nobody knows', async () => {
  answer = async () => Promise.reject(new Error('no answer'))
  await clock.advance(storeFillTiming.believedMs - 1)
  expect(fill.percent()).toBe(50)
  answer = async () => unknownSize
  await clock.advance(storeFillTiming.everyMs + 2)
  expect(fill.percent()).toBeUndefined()
  expect(told['store_bytes']).toBeNaN()
})

it('a measurement that never ends is waited for, not asked for again', async () => {
  answer = () => new Promise<never>(() => undefined)
  await clock.advance(10 * storeFillTiming.everyMs)
  expect(asked).toBe(2)
  expect(fill.percent()).toBeUndefined()
})
