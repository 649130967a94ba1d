import { expect, it } from 'vitest'
import { incrementAt } from '../../src/auction/increment.ts'

const bands = [
  { fromMinor: 0, stepMinor: 5 },
  { fromMinor: 100, stepMinor: 10 },
  { fromMinor: 500, stepMinor: 25 },
]

it.each([
  [0, 5],
  [99, 5],
  [100, 10],
  [499, 10],
  [500, 25],
  [1_000_000_000_000_000, 25],
])('over a standing bid of %d the increment is %d', (standingMinor, stepMinor) => {
  expect(incrementAt(standingMinor, bands)).toBe(stepMinor)
})

it('one band holds everywhere', () => {
  expect(incrementAt(12_345, [{ fromMinor: 0, stepMinor: 7 }])).toBe(7)
})
