import { beforeEach, expect, test } from 'vitest'
import { seededEntropy } from '../../../src/lib/entropy.ts'
import {
  createSessionKeeper,
  type SessionKeeper,
} from '../../../src/store/zookeeper/session-keeper.ts'
import { createManualClock } from '../../support/manual-clock.ts'

let clock: ReturnType<typeof createManualClock>
let keeper: SessionKeeper
let told: string[]

beforeEach(() => {
  clock = createManualClock()
  keeper = createSessionKeeper({ clock, entropy: seededEntropy(1), timeoutMs: 3_000 })
  told = []
  keeper.onChange(({ state }) => told.push(state))
})
const open = (grantedMs = 3_000) => keeper.opened(clock.monotonicMs(), grantedMs)

test('silence suspends after a third and loses after the whole', async () => {
  open()
  await clock.advance(999)
  expect(told).toEqual(['serving'])
  await clock.advance(1)
  expect(told).toEqual(['serving', 'suspended'])
  await clock.advance(1_999)
  expect(told).toHaveLength(2)
  await clock.advance(1)
  expect(told).toEqual(['serving', 'suspended', 'lost'])
})

test('an answer counts from when its question was sent', async () => {
  open()
  await clock.advance(900)
  keeper.heard(clock.monotonicMs() - 500)
  await clock.advance(500)
  expect(keeper.current?.state).toBe('suspended')
})

test('a late answer to an old question does not bring service back', async () => {
  open()
  await clock.advance(2_000)
  keeper.heard(500)
  expect(told).toEqual(['serving', 'suspended'])
  keeper.heard(clock.monotonicMs())
  expect(told).toEqual(['serving', 'suspended', 'serving'])
})

test('lost is for good, until a new session is opened', async () => {
  open()
  const first = keeper.current
  await clock.advance(3_000)
  keeper.heard(clock.monotonicMs())
  expect(first?.state).toBe('lost')
  expect(first?.lost.aborted).toBe(true)
  open()
  expect(keeper.current?.state).toBe('serving')
  expect(keeper.current?.id).not.toBe(first?.id)
})

test('a shorter timeout that the server granted counts, a longer one does not', async () => {
  open(1_500)
  await clock.advance(1_500)
  expect(told.at(-1)).toBe('lost')
  open(60_000)
  await clock.advance(3_000)
  expect(told.at(-1)).toBe('lost')
})

test('who asks after a sleep is told the truth before any timer fired', async () => {
  let nowMs = 0
  const asleep = {
    ...clock,
    monotonicMs: () => nowMs,
    setTimer: () => ({ cancel: () => undefined }),
  }
  const sleeper = createSessionKeeper({
    clock: asleep,
    entropy: seededEntropy(1),
    timeoutMs: 3_000,
  })
  sleeper.opened(0, 3_000)
  nowMs = 60_000
  expect(sleeper.current?.state).toBe('lost')
})
