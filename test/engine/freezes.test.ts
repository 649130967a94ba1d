import { expect, it } from 'vitest'
import { watchFreezes } from '../../src/engine/freezes.ts'
import { createNodeClock } from '../recipes/node-clock.ts'
import { createManualClock } from '../support/manual-clock.ts'

it('a freeze is known as soon as we wake, before any timer had its turn', async () => {
  const shared = createManualClock()
  const clock = createNodeClock(shared)
  const freezes = watchFreezes(clock)
  await shared.advance(1_000)
  clock.freeze()
  await shared.advance(8_000)
  expect(freezes.thawedMs()).toBe(9_000)
  expect(freezes.all()).toEqual([{ fromMs: 1_000, toMs: 9_000 }])
  freezes.stop()
})
