import { beforeEach, describe, expect, it } from 'vitest'
import { createHeldLocks, type HeldLocks } from '../../src/engine/held-locks.ts'
import { engineLimits } from '../../src/engine/limits.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import type { Lock } from '../../src/recipes/lock.ts'
import type { Commit } from '../../src/store/store.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

const id = 'auction'
const { lockTenureMs, lockLingerMs, lockIdleMs } = engineLimits
const { signal } = new AbortController()
let clock: ManualClock
let held: HeldLocks
let commits: Commit[]
let isRefused: boolean
let queue: { wanted: AbortController; released: number; landed: number }

beforeEach(async () => {
  clock = createManualClock()
  queue = { wanted: new AbortController(), released: 0, landed: 0 }
  commits = []
  isRefused = false
  const lockAt = (dir: string): Lock => {
    const key = `${dir}/us`
    return {
      ...{ dir, guard: { kind: 'present', key }, fencingToken: 1n },
      ...{ lost: signal, wanted: queue.wanted.signal },
      farewell: {
        write: { kind: 'delete', key },
        landed: () => {
          queue.landed++
        },
      },
      release: async () => {
        queue.released++
      },
    }
  }
  held = createHeldLocks({
    ...{ clock, metrics: silentMetrics, locks: { acquire: async (dir) => lockAt(dir) } },
    ...{ progress: async () => '', knownProgress: () => '', commitMs: () => 0 },
    diary: { note: () => undefined, turns: [] },
    store: {
      async commit(commit) {
        commits.push(commit)
        return isRefused
          ? { ok: false, failed: [] }
          : { ok: true, revision: 1n, versions: new Map() }
      },
    },
  })
  await held.hold(id, signal)
})

describe('a lock that somebody waits for', () => {
  it('is kept while bids come, until its time is over', async () => {
    queue.wanted.abort()
    await clock.advance(lockTenureMs - 1)
    await held.yieldIfDue(id)
    expect(held.holds(id)).toBe(true)
    await clock.advance(1)
    await held.yieldIfDue(id)
    expect(held.holds(id)).toBe(false)
    expect(queue.released).toBe(1)
  })

  it('is given up by the commit of the last batch, and not once more', async () => {
    queue.wanted.abort()
    expect(held.farewell(id)).toBeUndefined()
    await clock.advance(lockTenureMs)
    expect(held.farewell(id)).toEqual({ kind: 'delete', key: 'locks/auction/us' })
    held.left(id)
    held.rest(id)
    await held.releaseAll()
    expect(queue).toMatchObject({ landed: 1, released: 0 })
  })

  it('waits a moment for those who bid again, then goes', async () => {
    queue.wanted.abort()
    held.rest(id)
    await clock.advance(lockLingerMs - 1)
    expect(queue.released).toBe(0)
    held.wake(id)
    await clock.advance(lockLingerMs)
    expect(queue.released).toBe(0)
    held.rest(id)
    await clock.advance(lockLingerMs)
    expect(queue.released).toBe(1)
  })

  it('goes at once when nobody has bid for longer than that', async () => {
    held.rest(id)
    await clock.advance(lockLingerMs + 1)
    expect(queue.released).toBe(0)
    queue.wanted.abort()
    await clock.advance(0)
    expect(queue.released).toBe(1)
  })
})

describe('a lock that nobody waits for', () => {
  it('is kept however long bids come, and let go when it was idle for long', async () => {
    await clock.advance(10 * lockTenureMs)
    expect(held.farewell(id)).toBeUndefined()
    await held.yieldIfDue(id)
    held.rest(id)
    await clock.advance(lockIdleMs - 1)
    expect(queue.released).toBe(0)
    await clock.advance(1)
    expect(queue.released).toBe(1)
  })
})

describe('more locks than a node holds', () => {
  const { locksHeldMax, locksLeftTogether } = engineLimits
  const holdTooMany = async () => {
    held.rest(id)
    for (let n = 0; n < locksHeldMax; n++) {
      await held.hold(`auction-${n}`, signal)
      held.rest(`auction-${n}`)
    }
    await clock.advance(0)
  }

  it('leave those that were used least, in one commit', async () => {
    await holdTooMany()
    expect(commits.map(({ writes }) => writes.length)).toEqual([locksLeftTogether])
    expect(commits[0]?.writes[0]).toEqual({ kind: 'delete', key: 'locks/auction/us' })
    expect(queue).toMatchObject({ landed: locksLeftTogether, released: 0 })
    expect(held.heldIds).toHaveLength(locksHeldMax + 1 - locksLeftTogether)
    expect(held.holds(`auction-${locksHeldMax - 1}`)).toBe(true)
  })

  it('leave each by itself where one of them was taken away before', async () => {
    isRefused = true
    await holdTooMany()
    expect(queue).toMatchObject({ landed: 0, released: locksLeftTogether })
  })
})
