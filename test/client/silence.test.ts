import { expect, test } from 'vitest'
import { createSilence } from '../../src/client/silence.ts'

const limits = { timeEveryMs: 5_000, silenceMs: 10_000 }

/** Looks when it says, hears nothing after `deafAtMs`; when does it leave? */
function leavesAt(deafAtMs: number): number {
  const silence = createSilence(0, limits)
  let nowMs = 0
  for (let turn = 0; turn < 100; turn++) {
    const next = silence.look(nowMs)
    if (next.do === 'leave') return nowMs
    if (next.do === 'ask' && nowMs < deafAtMs) silence.heard(nowMs + 1)
    nowMs += next.againInMs
  }
  throw new Error('it never left')
}

test('a node that says nothing for 10 s is left', () => {
  expect(leavesAt(0)).toBe(10_000)
  expect(leavesAt(1)).toBeGreaterThanOrEqual(10_000)
  expect(leavesAt(1)).toBeLessThanOrEqual(10_002)
})

test('a node that answers is asked every 5 s and never left', () => {
  const silence = createSilence(0, limits)
  let asked = 0
  for (let nowMs = 0; nowMs <= 60_000; nowMs += 1_000) {
    const next = silence.look(nowMs)
    expect(next.do).not.toBe('leave')
    if (next.do === 'ask') asked++
    silence.heard(nowMs + 10)
  }
  expect(asked).toBe(13)
})

test('whoever could not ask for a while asks before it leaves', () => {
  const silence = createSilence(0, limits)
  silence.look(0)
  silence.heard(10)
  expect(silence.look(60_000).do).toBe('ask')
  expect(silence.look(64_000).do).toBe('wait')
  expect(silence.look(65_000).do).toBe('leave')
})
