import { describe, expect, it } from 'vitest'
import { createSharedBudget } from '../../src/gateway/shared-budget.ts'
import { createManualClock } from '../support/manual-clock.ts'

function setUp() {
  const clock = createManualClock()
  const budget = createSharedBudget({ clock, perSecond: 100, burst: 200, keysMax: 1_000 })
  /** How many of `wanted` single units are given. */
  const spend = (key: string, wanted: number) => {
    let given = 0
    for (let unit = 0; unit < wanted; unit++) if (budget.take(key, 1) === 0) given++
    return given
  }
  return { clock, budget, spend }
}

describe('the budget of a node', () => {
  it('is all for one who is alone', () => {
    const { spend } = setUp()
    expect(spend('heavy', 1_000)).toBe(200)
  })

  it('has something for a newcomer after another has spent it all', () => {
    const { spend } = setUp()
    spend('heavy', 1_000)
    expect(spend('light', 10)).toBe(10)
  })

  it('refuses none of those who want little, while one wants all, for as long as it does', async () => {
    const { clock, spend } = setUp()
    let heavy = 0
    let light = 0
    for (let tenth = 0; tenth < 100; tenth++) {
      heavy += spend('heavy', 100)
      for (const key of ['a', 'b', 'c']) light += spend(key, 1)
      await clock.advance(100)
    }
    expect(light).toBe(300)
    // Ten seconds of 100, and the burst: what the others left.
    expect(heavy).toBeLessThanOrEqual(200 + 1_000 - 300 + 100)
    expect(heavy).toBeGreaterThan(500)
  })

  it('says how long to wait', async () => {
    const { clock, budget, spend } = setUp()
    spend('heavy', 1_000)
    const waitMs = budget.take('heavy', 1)
    expect(waitMs).toBeGreaterThan(0)
    await clock.advance(waitMs)
    expect(budget.take('heavy', 1)).toBe(0)
  })
})
