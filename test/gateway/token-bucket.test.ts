import { expect, it } from 'vitest'
import { createTokenRate } from '../../src/gateway/ws/token-bucket.ts'
import { createManualClock } from '../support/manual-clock.ts'

it('gives a burst, then the rate, and never saves up more than the burst', async () => {
  const clock = createManualClock()
  const rate = createTokenRate({ clock, perSecond: 4, burst: 2 })
  const bucket = rate.fullBucket()
  const takeAll = () => {
    let count = 0
    while (rate.take(bucket)) count++
    return count
  }
  expect(takeAll()).toBe(2)
  expect(rate.waitMs(bucket)).toBe(250)
  await clock.advance(249)
  expect(rate.take(bucket)).toBe(false)
  await clock.advance(1)
  expect(takeAll()).toBe(1)
  await clock.advance(60_000)
  expect(takeAll()).toBe(2)
})
