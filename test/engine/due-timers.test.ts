import { expect, it } from 'vitest'
import { createDueTimers } from '../../src/engine/due-timers.ts'
import { silentLog } from '../../src/lib/log.ts'
import { createManualClock } from '../support/manual-clock.ts'

/** Cluster time that goes at `pace` of the machine's. */
function armedAt(dueAt: number, pace: number) {
  const clock = createManualClock()
  const startMs = clock.monotonicMs()
  const now = () => (clock.monotonicMs() - startMs) * pace
  const attended: number[] = []
  const timers = createDueTimers({
    clock,
    log: silentLog,
    now,
    async onDue() {
      attended.push(now())
      return undefined
    },
  })
  timers.arm('lot', dueAt)
  return { clock, timers, attended }
}

it('what is due is attended to once, and not before, by a clock that is slewed meanwhile', async () => {
  const { clock, timers, attended } = armedAt(60_000, 0.9995)
  await clock.advance(60_000)
  expect(attended).toEqual([])
  await clock.advance(31)
  expect(attended).toHaveLength(1)
  expect(attended[0]).toBeGreaterThanOrEqual(60_000)
  expect(timers.size).toBe(0)
})

it('what is due in days costs nothing until then', async () => {
  const days = 3 * 86_400_000
  const { clock, attended } = armedAt(days, 1)
  await clock.advance(days - 1)
  expect(attended).toEqual([])
  await clock.advance(1)
  expect(attended).toEqual([days])
})
