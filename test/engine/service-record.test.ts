import { beforeEach, describe, expect, it } from 'vitest'
import type { Interval, OutageRecord } from '../../src/engine/outage-record.ts'
import { createServiceRecord, type ServiceRecord } from '../../src/engine/service-record.ts'
import { silentLog } from '../../src/lib/log.ts'
import type { Store } from '../../src/store/store.ts'
import { createNodeClock, type NodeClock } from '../recipes/node-clock.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

let shared: ManualClock
let clock: NodeClock
let judged: Interval[]
let setServing: (isServing: boolean) => void
let record: ServiceRecord
let isTimeKnown: boolean

beforeEach(async () => {
  shared = createManualClock()
  clock = createNodeClock(shared)
  judged = []
  const session = { state: 'serving' }
  let tell: () => void = () => undefined
  setServing = (isServing) => {
    session.state = isServing ? 'serving' : 'suspended'
    tell()
  }
  const store = {
    session,
    health: () => ({}),
    onSessionChange(listener: () => void) {
      tell = listener
      return () => undefined
    },
  } as unknown as Store
  const outages: Partial<OutageRecord> = {
    recent: [],
    judge: async (silence) => void judged.push(silence),
    close: () => undefined,
  }
  isTimeKnown = true
  record = createServiceRecord({
    ...{ store, clock, log: silentLog, sessionTimeoutMs: 6_000 },
    time: {
      now: () => (isTimeKnown ? shared.monotonicMs() : undefined),
      offsetMs: () => 0,
      errorMs: () => 0,
    },
    outages: outages as OutageRecord,
  })
  await shared.advance(10_000)
})

const freeze = async (ms: number) => {
  clock.freeze()
  await shared.advance(ms)
  clock.thaw()
}

describe('a silence of the store', () => {
  it('is judged from when it was noticed until it ended', async () => {
    setServing(false)
    await shared.advance(8_000)
    setServing(true)
    expect(judged).toEqual([{ from: 10_000, to: 18_000 }])
  })

  it('that a freeze of our own made is none', async () => {
    clock.freeze()
    await shared.advance(4_000)
    setServing(false)
    clock.thaw()
    await shared.advance(100)
    setServing(true)
    expect(judged).toEqual([])
  })

  it('is one although we stood still in the midst of it', async () => {
    setServing(false)
    await shared.advance(10_000)
    await freeze(1_500)
    await shared.advance(8_500)
    setServing(true)
    expect(judged).toEqual([{ from: 10_000, to: 30_000 }])
  })

  it('ends where we stood still, when it was over as we woke', async () => {
    setServing(false)
    await shared.advance(10_000)
    clock.freeze()
    await shared.advance(4_000)
    setServing(true)
    clock.thaw()
    const [silence] = judged
    expect(silence!.from).toBe(10_000)
    expect(silence!.to).toBeGreaterThanOrEqual(19_750)
    expect(silence!.to).toBeLessThanOrEqual(20_000)
  })
})

describe('a node did not serve', () => {
  const breaks = (from: number, to: number) => record.breaksWithin({ from, to })

  it('before it was there, while the store was silent, and while it stood still', async () => {
    setServing(false)
    await shared.advance(2_000)
    setServing(true)
    await shared.advance(8_000)
    await freeze(3_000)
    await shared.advance(500)
    setServing(false)
    await shared.advance(1_500)
    const [before, silent, frozen] = breaks(-2_000, 25_000)
    expect([before, silent]).toEqual([
      { from: -2_000, to: 0 },
      { from: 10_000, to: 12_000 },
    ])
    // It cannot say that it served between waking and noticing: silence is noticed late.
    expect(frozen!.from).toBeGreaterThanOrEqual(19_750)
    expect(frozen!.from).toBeLessThanOrEqual(20_000)
    expect(frozen!.to).toBe(25_000)
    expect(breaks(13_000, 19_000)).toEqual([])
  })

  it('while it does not know the time', () => {
    isTimeKnown = false
    expect(breaks(3_000, 9_000)).toEqual([{ from: 3_000, to: 9_000 }])
  })
})
