import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createEstimate } from '../../src/recipes/estimate.ts'
import { createManualClock } from '../support/manual-clock.ts'
import { createNodeClock } from './node-clock.ts'

const day = Date.UTC(2026, 0, 1)

/** An estimate, and beacons of one term that arrive each second from a leader whose time is `day` plus ours plus `ahead`. */
function createListener() {
  const shared = createManualClock()
  const clock = createNodeClock(shared)
  const estimate = createEstimate({ clock, log: silentLog })
  return {
    clock,
    estimate,
    advance: (ms: number) => shared.advance(ms),
    hear: async (count: number, options: { term?: bigint; aheadMs?: number } = {}) => {
      const { term = 1n, aheadMs = 0 } = options
      for (let heard = 0; heard < count; heard++) {
        await shared.advance(1_000)
        estimate.sample(term, day + shared.monotonicMs() + aheadMs)
      }
    },
  }
}

test('three beacons settle it', async () => {
  const { estimate, hear } = createListener()
  await hear(2)
  expect(estimate.now()).toBeUndefined()
  expect(estimate.courseMs()).toBeUndefined()
  expect(estimate.provenMs()).toBe(day + 2_000)
  await hear(1)
  expect(estimate.courseMs()).toBe(day + 3_000)
  expect(estimate.now()).toBe(day + 3_000)
})

test('a beacon that proves us far behind is followed at once', async () => {
  const { estimate, hear } = createListener()
  await hear(3)
  await hear(1, { term: 2n, aheadMs: 3_600_000 })
  expect(estimate.now()).toBe(day + 4_000 + 3_600_000)
})

test('far ahead of the beacons it falls silent until they have caught up, and never runs back', async () => {
  const { estimate, hear, advance } = createListener()
  await hear(3, { aheadMs: 10_000 })
  const toldMs = must(estimate.now(), 'time')
  await hear(2, { term: 2n })
  expect(estimate.now()).toBeGreaterThan(toldMs) // two might just be late
  const lastToldMs = must(estimate.now(), 'time')
  await hear(1, { term: 2n })
  expect(estimate.now()).toBeUndefined()
  await hear(8, { term: 2n })
  expect(estimate.now()).toBeUndefined()
  await hear(3, { term: 2n })
  const nowMs = must(estimate.now(), 'time')
  expect(nowMs).toBeGreaterThanOrEqual(lastToldMs)
  expect(nowMs).toBe(day + 17_000)
  await advance(10)
  expect(estimate.now()).toBe(day + 17_010)
})

test('a little ahead of the beacons it goes slower, not back', async () => {
  const { estimate, hear } = createListener()
  await hear(3, { aheadMs: 200 })
  let beforeMs = must(estimate.now(), 'time')
  for (let second = 0; second < 60; second++) {
    await hear(1, { term: 2n })
    const nowMs = must(estimate.now(), 'time')
    expect(nowMs - beforeMs).toBeGreaterThanOrEqual(999)
    expect(nowMs - beforeMs).toBeLessThanOrEqual(1_000)
    beforeMs = nowMs
  }
  expect(beforeMs - (day + 63_000)).toBeGreaterThanOrEqual(169)
  expect(beforeMs - (day + 63_000)).toBeLessThanOrEqual(172)
})

test('who governs is not moved by its own beacons, nor by earlier ones, but by its successor’s', async () => {
  const { estimate, hear } = createListener()
  await hear(3)
  estimate.govern(5n, day)
  await hear(5, { term: 5n, aheadMs: 5_000 })
  await hear(5, { term: 4n, aheadMs: 5_000 })
  expect(estimate.now()).toBe(day + 13_000)
  expect(estimate.errorMs()).toBe(0)
  await hear(1, { term: 6n, aheadMs: 5_000 })
  expect(estimate.now()).toBe(day + 14_000 + 5_000)
})

test('to govern never runs back', async () => {
  const { estimate, hear, advance } = createListener()
  await hear(3)
  const toldMs = must(estimate.now(), 'time')
  expect(estimate.govern(2n, day - 60_000)).toBe(day)
  await advance(1)
  expect(estimate.now()).toBe(toldMs + 1)
})

test('to govern after the machine slept does not run back either', async () => {
  const { estimate, hear, clock } = createListener()
  await hear(3)
  const toldMs = must(estimate.now(), 'time')
  clock.loseMonotonic(2_000)
  expect(estimate.now()).toBeUndefined()
  expect(estimate.courseMs()).toBeUndefined()
  expect(estimate.provenMs()).toBe(-Infinity)
  expect(estimate.toldMs()).toBe(toldMs)
  estimate.govern(2n, day - 60_000)
  expect(estimate.now()).toBe(toldMs)
})

test('the error grows while no beacon comes', async () => {
  const { estimate, hear, advance } = createListener()
  await hear(10)
  expect(estimate.errorMs()).toBeLessThan(1)
  await advance(600_000)
  expect(estimate.errorMs()).toBeGreaterThan(50)
  expect(estimate.now()).toBeDefined()
})
