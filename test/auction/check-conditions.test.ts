import { describe, expect, it } from 'vitest'
import {
  checkConditions,
  durationMaxMs,
  instantMax,
  startAheadMaxMs,
} from '../../src/auction/check-conditions.ts'
import { type Conditions, defaultSoftClose } from '../../src/auction/conditions.ts'
import { amountMaxMinor } from '../../src/auction/money.ts'
import { conditions, dollars, second, softClose, startsAt } from '../support/given.ts'

const step = (fromMinor: number, stepMinor: number) => ({ fromMinor, stepMinor })

describe('conditions that can be held', () => {
  it.each<[string, Partial<Conditions>]>([
    ['one increment', {}],
    [
      'rising bands',
      { increments: [step(0, 100), step(dollars(100), 500), step(dollars(101), 1)] },
    ],
    ['a start in the past', { startsAt: second(-600) }],
    ['exactly one second', { endsAt: startsAt + 1000 }],
    ['exactly 90 days', { endsAt: startsAt + durationMaxMs }],
    ['the default soft close', { softClose: defaultSoftClose }],
    ['a hard end at the end itself', softClose({ hardEndsAt: second(600), mode: 'reset' })],
    ['no extension at all', softClose({ maxExtensions: 0 })],
    ['a start a year ahead', aheadBy(startAheadMaxMs)],
    ['a day added, twice at most', softClose({ extensionMs: 86_400_000, maxExtensions: 2 })],
    [
      'a day added, until an instant',
      softClose({ extensionMs: 86_400_000, hardEndsAt: second(9_999) }),
    ],
    ['the greatest amount', { startPriceMinor: amountMaxMinor }],
  ])('%s', (_, over) => {
    expect(checkConditions(conditions(over), second(-60))).toBeUndefined()
  })
})

describe('conditions that cannot be held', () => {
  it.each<[string, Partial<Conditions>]>([
    ['currency', { currency: 'usd' }],
    ['currency', { currency: '' }],
    ['startPriceMinor', { startPriceMinor: 0 }],
    ['startPriceMinor', { startPriceMinor: -1 }],
    ['startPriceMinor', { startPriceMinor: 0.5 }],
    ['startPriceMinor', { startPriceMinor: Number.NaN }],
    ['startPriceMinor', { startPriceMinor: amountMaxMinor + 1 }],
    ['increments', { increments: [] }],
    ['increments', { increments: Array.from({ length: 33 }, (_, n) => step(n, 1)) }],
    ['increments[0].fromMinor', { increments: [step(1, 1)] }],
    ['increments[0].stepMinor', { increments: [step(0, 0)] }],
    ['increments[1].stepMinor', { increments: [step(0, 1), step(5, -1)] }],
    ['increments[1].fromMinor', { increments: [step(0, 1), step(0, 1)] }],
    ['increments[2].fromMinor', { increments: [step(0, 1), step(9, 1), step(9, 2)] }],
    ['increments[2].fromMinor', { increments: [step(0, 1), step(9, 1), step(8, 1)] }],
    ['startsAt', { startsAt: Number.NaN }],
    ['startsAt', { startsAt: -1 }],
    ['startsAt', aheadBy(startAheadMaxMs + 1)],
    ['softClose.windowMs', softClose({ windowMs: 3_600_001 })],
    ['softClose.extensionMs', softClose({ extensionMs: 3_600_001 })],
    ['endsAt', { endsAt: startsAt }],
    ['endsAt', { endsAt: startsAt - 1 }],
    ['endsAt', { endsAt: startsAt + 999 }],
    ['endsAt', { endsAt: startsAt + durationMaxMs + 1 }],
    ['endsAt', { endsAt: startsAt + 1000.5 }],
    ['endsAt', { endsAt: instantMax + 1 }],
    ['endsAt', { startsAt: second(-3600), endsAt: second(-60) }],
    ['softClose.windowMs', softClose({ windowMs: 0 })],
    ['softClose.windowMs', softClose({ windowMs: 86_400_001 })],
    ['softClose.extensionMs', softClose({ extensionMs: -5 })],
    ['softClose.extensionMs', softClose({ extensionMs: Infinity })],
    ['softClose.mode', softClose({ mode: 'both' as 'add' })],
    ['softClose.maxExtensions', softClose({ maxExtensions: -1 })],
    ['softClose.maxExtensions', softClose({ maxExtensions: 1.5 })],
    ['softClose.hardEndsAt', softClose({ hardEndsAt: second(599) })],
    ['softClose.hardEndsAt', softClose({ hardEndsAt: Number.NaN })],
  ])('%s: %o', (field, over) => {
    const refusal = checkConditions(conditions(over), second(-60))
    expect(refusal).toMatchObject({ code: 'bad-conditions', field })
    expect(refusal?.detail).not.toBe('')
  })
})

/** Created at second -60. */
function aheadBy(ms: number): Partial<Conditions> {
  const startsAt = second(-60) + ms
  return { startsAt, endsAt: startsAt + 60_000 }
}
