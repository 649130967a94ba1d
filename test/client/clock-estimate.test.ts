import { expect, test } from 'vitest'
import { createClockEstimate } from '../../src/client/clock-estimate.ts'

const clusterAheadMs = 1_000_000

/** A question that took `outMs` there, `nodeMs` in the node and `backMs` back. */
function sample(askedMs: number, outMs: number, nodeMs: number, backMs: number) {
  const receivedAt = askedMs + outMs + clusterAheadMs
  const heardMs = askedMs + outMs + nodeMs + backMs
  return { askedMs, receivedAt, sentAt: receivedAt + nodeMs, heardMs }
}

test('equal ways there and back give cluster time exactly, however long the node took', () => {
  const estimate = createClockEstimate()
  expect(estimate.at(0)).toBeUndefined()
  estimate.add(sample(10, 40, 500, 40))
  expect(estimate.at(2_000)).toBe(2_000 + clusterAheadMs)
  expect(estimate.rttMs()).toBe(80)
})

test('the error is at most half the round trip', () => {
  const estimate = createClockEstimate()
  estimate.add(sample(10, 0, 0, 90))
  expect(Math.abs((estimate.at(0) ?? 0) - clusterAheadMs)).toBeLessThanOrEqual(45)
})

test('the sample with the shortest round trip tells', () => {
  const estimate = createClockEstimate()
  estimate.add(sample(0, 100, 0, 400))
  estimate.add(sample(1_000, 5, 0, 5))
  estimate.add(sample(2_000, 300, 0, 0))
  expect(estimate.at(0)).toBe(clusterAheadMs)
  expect(estimate.rttMs()).toBe(10)
})

test('old samples are forgotten, so that a drift is followed', () => {
  const estimate = createClockEstimate()
  estimate.add(sample(0, 1, 0, 1))
  for (let turn = 1; turn <= 8; turn++) {
    const late = sample(turn * 5_000, 10, 0, 10)
    estimate.add({ ...late, receivedAt: late.receivedAt + 7, sentAt: late.sentAt + 7 })
  }
  expect(estimate.at(0)).toBe(clusterAheadMs + 7)
})
