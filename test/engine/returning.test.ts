import { expect, it } from 'vitest'
import { engineLimits } from '../../src/engine/limits.ts'
import { createReturning } from '../../src/engine/returning.ts'
import { waitingBid } from '../../src/engine/waiting-bid.ts'

const { gatherFrom, gatherMs, handMax } = engineLimits
const nobody = () => undefined

/** One bid of each. */
function handOf(...names: string[]) {
  return names.map((name) =>
    waitingBid(
      {
        ...{ type: 'PlaceBid', at: 0, bidId: `bid-of-${name}`, amountMinor: 100 },
        bidder: { id: name, name },
      },
      0,
      nobody,
    ),
  )
}
const crowd = Array.from({ length: gatherFrom * 2 }, (_, n) => `bidder-${n}`)
const others = crowd.map((name) => `other-${name}`)

function play(hands: readonly (readonly string[])[], waitingCount = 0) {
  const returning = createReturning()
  hands.forEach((names, round) => {
    returning.taken(handOf(...names))
    returning.answered(handOf(...names), waitingCount, round * 10)
  })
  return returning.expected((hands.length - 1) * 10)
}

it('expects those who came back at once to do so again', () => {
  expect(play([crowd])).toBeUndefined()
  expect(play([crowd, crowd])).toEqual({ count: crowd.length, withinMs: gatherMs })
})

it('expects them together, though they came in two groups', () => {
  expect(play([crowd, others, crowd], others.length)?.count).toBe(crowd.length + others.length)
})

it('waits for nobody where others bid each time, where few did, and where they stay away', () => {
  expect(play([crowd, others, crowd.map((name) => `third-${name}`)])).toBeUndefined()
  expect(play([['a'], ['a'], ['a']])).toBeUndefined()
  const returning = createReturning()
  for (const atMs of [0, 10]) {
    returning.taken(handOf(...crowd))
    returning.answered(handOf(...crowd), 0, atMs)
  }
  expect(returning.expected(10 + gatherMs)).toBeUndefined()
})

it('never waits for more than are taken at once', () => {
  expect(play([crowd, crowd], handMax)?.count).toBe(handMax)
})
