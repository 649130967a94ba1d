import { expect, it } from 'vitest'
import { createTokenBucket } from '../../src/gateway/ws/token-bucket.ts'
import { createManualClock } from '../support/manual-clock.ts'

it('gives a burst, then the rate, and never saves up more than the burst', async () => {
  const clock = createManualClock()
  const bucket = createTokenBucket({ clock, perSecond: 4, burst: 2 })
  const takeAll = () => {
    let count = 0
    while (bucket.take()) count++
    return count
  }
  expect(takeAll()).toBe(2)
  expect(bucket.waitMs()).toBe(250)
  await clock.advance(249)
  expect(bucket.take()).toBe(false)
  await clock.advance(1)
  expect(takeAll()).toBe(1)
  await clock.advance(60_000)
  expect(takeAll()).toBe(2)
})
