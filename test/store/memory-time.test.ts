import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createMemoryWorld, type MemoryWorld } from '../../src/store/memory/world.ts'
import type { Store } from '../../src/store/store.ts'
import { createManualClock, type ManualClock, settle } from '../support/manual-clock.ts'
import { follow } from './conformance/follower.ts'
import { create, outcomeOf, put, refusedBy, textOf, win } from './conformance/words.ts'

const timeoutMs = 6_000
let clock: ManualClock
let world: MemoryWorld
let seed = 0
let opened: Store[]

beforeEach(() => {
  clock = createManualClock()
  world = createMemoryWorld({ clock })
  opened = []
})
afterEach(async () => {
  await Promise.all(opened.map((store) => store.close()))
})

function open(own: ManualClock = clock): Store {
  const store = openMemoryStore({
    clock: own,
    entropy: seededEntropy(seed++),
    log: silentLog,
    metrics: silentMetrics,
    permanentRoots: ['perm'],
    sessionTimeoutMs: timeoutMs,
    world,
  })
  opened.push(store)
  return store
}

describe('the memory store lives by the clock alone', () => {
  test('without knobs everything is answered while the clock stands still', async () => {
    const store = open()
    await win(store, [create('a/b', 'one', store.session)])
    expect(textOf(await store.get('a/b', { fresh: true }))).toBe('one')
    expect(await store.list('a')).toEqual([{ key: 'a/b' }])
    expect(clock.monotonicMs()).toBe(0)
  })

  test('an idle session stands for days', async () => {
    const store = open()
    const { session } = store
    for (let hour = 0; hour < 3; hour++) await clock.advance(600_000)
    expect(store.session).toBe(session)
    expect(session.state).toBe('serving')
  })

  test('silence suspends at a third of the timeout and loses at the whole, not later', async () => {
    const store = open()
    const { session } = store
    world.silence(session)
    await clock.advance(timeoutMs / 3 - 1)
    expect(session.state).toBe('serving')
    await clock.advance(1)
    expect(session.state).toBe('suspended')
    await clock.advance((2 * timeoutMs) / 3 - 1)
    expect(session.state).toBe('suspended')
    await clock.advance(1)
    expect(session.state).toBe('lost')
    await clock.advance(10 * timeoutMs)
    expect(store.session).toBe(session)
    world.heal(session)
    await clock.advance(timeoutMs / 6)
    expect(store.session.state).toBe('serving')
    expect(store.session.id).not.toBe(session.id)
  })

  test('the client gives up no later than the server', async () => {
    const [store, other] = [open(), open()]
    await win(store, [create('locks/me', 'x', store.session)])
    await clock.advance(700)
    world.silence(store.session)
    let keyIsGone = false
    for (let stepMs = 0; stepMs < 2 * timeoutMs; stepMs += 100) {
      await clock.advance(100)
      keyIsGone ||= (await other.get('locks/me', { fresh: true })) === undefined
      if (keyIsGone) expect(store.session.state).toBe('lost')
    }
    expect(keyIsGone).toBe(true)
  })

  test('a node whose own clock stood still finds its session lost on its first look', async () => {
    const own = createManualClock()
    const [store, other] = [open(own), open()]
    const { session } = store
    await win(store, [create('locks/me', 'x', session)])
    await clock.advance(2 * timeoutMs)
    expect(await other.get('locks/me', { fresh: true })).toBeUndefined()
    expect(await refusedBy(store, [put('locks/me', 'late')])).toEqual(['present locks/me'])
    expect(session.lost.aborted).toBe(true)
    expect(store.session.state).toBe('serving')
  })

  test('a closed store leaves no timer behind', async () => {
    const store = open()
    const stopping = new AbortController()
    const follower = follow(store, { key: 'a' })
    await settle()
    await store.close()
    await settle()
    expect(follower.hasEnded).toBe(true)
    stopping.abort()
    expect(clock.armedCount).toBe(0)
  })
})

describe('the knobs of the world', () => {
  test('latency is waited for on the clock, there and back', async () => {
    const store = open()
    world.latency = (kind) =>
      kind === 'commit' ? { requestMs: 30, replyMs: 20 } : { requestMs: 0, replyMs: 5 }
    const committing = win(store, [create('a', 'x')]).then(() => clock.monotonicMs())
    await clock.advance(29)
    expect(world.counts.commit).toBe(0)
    await clock.advance(100)
    expect(await committing).toBe(50)
  })

  test('a commit slower than its caller’s patience is unknown, and lands', async () => {
    const store = open()
    world.latency = (kind) => ({ requestMs: kind === 'commit' ? 5_000 : 0, replyMs: 0 })
    const outcome = outcomeOf(win(store, [create('late')]))
    await clock.advance(timeoutMs / 3)
    expect(await outcome).toBe('OutcomeUnknown')
    expect(await store.get('late', { fresh: true })).toBeUndefined()
    await clock.advance(5_000)
    expect(await store.get('late', { fresh: true })).toBeDefined()
  })

  test('a lost request never lands', async () => {
    const store = open()
    world.latency = (kind) => ({ requestMs: kind === 'commit' ? Infinity : 0, replyMs: 0 })
    const outcome = outcomeOf(win(store, [create('never')]))
    await clock.advance(timeoutMs)
    expect(await outcome).toBe('OutcomeUnknown')
    expect(world.counts.commit).toBe(0)
  })

  test('what was stuck in a silent link arrives when it heals', async () => {
    const store = open()
    const { session } = store
    world.silence(session)
    const outcome = outcomeOf(win(store, [create('stuck')]))
    await clock.advance(timeoutMs / 3)
    expect(await outcome).toBe('OutcomeUnknown')
    world.heal(session)
    await clock.advance(timeoutMs / 6)
    expect(await store.get('stuck', { fresh: true })).toBeDefined()
  })

  test('rings that are slow on their way merge', async () => {
    const store = open()
    const follower = follow(store, { key: 'perm/a' })
    await settle()
    world.latency = (kind) => ({ requestMs: 0, replyMs: kind === 'ring' ? 40 : 0 })
    const committing = (async () => {
      await win(store, [create('perm/a', '0')])
      for (let step = 1; step < 10; step++) await win(store, [put('perm/a', String(step))])
    })()
    await clock.advance(39)
    await committing
    expect(follower.rings).toBe(1)
    await clock.advance(1)
    expect(follower.rings).toBe(2)
    await follower.stop()
  })

  test('plain reads lag where the world says so; fresh ones and those after a ring do not', async () => {
    world.staleness = () => 1_000
    const [store, other] = [open(), open()]
    await win(store, [create('dir/a', 'old')])
    await clock.advance(2_000)
    await win(store, [put('dir/a', 'new'), create('dir/b')])
    await clock.advance(100)
    expect(textOf(await other.get('dir/a'))).toBe('old')
    expect(await other.get('dir/b')).toBeUndefined()
    expect(await other.list('dir')).toHaveLength(1)
    expect(textOf(await other.get('dir/a', { fresh: true }))).toBe('new')
    const follower = follow(other, { key: 'dir/a' })
    await settle()
    await win(store, [put('dir/a', 'newest')])
    await settle()
    expect(textOf(await other.get('dir/a'))).toBe('newest')
    await follower.stop()
    await clock.advance(1_000)
    expect(await other.list('dir')).toHaveLength(2)
  })

  test('the world counts what arrives', async () => {
    const store = open()
    await win(store, [create('dir/a', 'four'), create('dir/b', 'seven')])
    await refusedBy(store, [create('dir/a')])
    await store.get('dir/a')
    await store.get('dir/a', { fresh: true })
    await store.list('dir')
    expect(world.counts).toEqual({
      get: 1,
      freshGet: 1,
      list: 1,
      listedLeaves: 2,
      commit: 2,
      refused: 1,
      writes: 2,
      bytesWritten: 9,
      bytesRead: 8,
    })
  })

  test('a key that is both leaf and directory is the caller’s bug', async () => {
    const store = open()
    await win(store, [create('a/b/c')])
    await expect(win(store, [create('a/b')])).rejects.toThrow('directory')
    await expect(win(store, [create('a')])).rejects.toThrow('directory')
    await expect(win(store, [create('fine'), create('a/b/c/d')])).rejects.toThrow('leaf')
    expect(await store.get('fine', { fresh: true })).toBeUndefined()
    await win(store, [{ kind: 'delete', key: 'a/b/c' }])
    await win(store, [create('a')])
  })

  test('revisions outgrow their digits and stay in order', async () => {
    world = createMemoryWorld({ clock, firstRevision: 999_999_995n })
    const store = open()
    const revisions: bigint[] = []
    for (let index = 0; index < 10; index++) {
      revisions.push((await win(store, [create(`dir/${index}`)])).revision)
    }
    expect(revisions).toEqual([...revisions].sort((a, b) => (a < b ? -1 : 1)))
    expect(revisions.at(-1)).toBe(1_000_000_004n)
  })
})
