import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { settle } from '../support/manual-clock.ts'
import type { Lock } from '../../src/recipes/lock.ts'
import {
  acquire,
  acquired,
  canWrite,
  createRoom,
  lockPatienceMs,
  type Pending,
  timeUntil,
} from './room.ts'

test('a holder without progress loses the lock about a second after it was asked for', async () => {
  const { nodes, clock } = createRoom(2)
  const held = await acquired(nodes[0]!)
  await clock.advance(5_000) // holding without progress is nobody's business while nobody waits
  const next = acquire(nodes[1]!)
  const waitedMs = await timeUntil(clock, () => next.value !== undefined)
  expect(waitedMs).toBeGreaterThanOrEqual(lockPatienceMs)
  expect(waitedMs).toBeLessThan(1.3 * lockPatienceMs)
  expect(held.lost.aborted).toBe(true)
  expect(await canWrite(nodes[0]!, held.guard)).toBe(false)
  expect(nodes[1]!.count('lock_revocations_total')).toBe(1)
})

test('a frozen holder is revoked, and fenced off when it thaws', async () => {
  const { nodes, clock } = createRoom(2)
  const held = await acquired(nodes[0]!)
  nodes[0]!.freeze()
  const next = acquire(nodes[1]!)
  const waitedMs = await timeUntil(clock, () => next.value !== undefined)
  expect(waitedMs).toBeLessThan(1.3 * lockPatienceMs)
  expect(held.lost.aborted).toBe(false) // it cannot know
  nodes[0]!.thaw()
  expect(await canWrite(nodes[0]!, held.guard)).toBe(false)
  await timeUntil(clock, () => held.lost.aborted, 1_000)
})

test('a holder that makes progress keeps the lock as long as it likes', async () => {
  const { nodes, clock } = createRoom(2)
  const held = await acquired(nodes[0]!)
  const next = acquire(nodes[1]!, {
    progress: async () => String(Math.floor(clock.monotonicMs() / 800)),
  })
  await clock.advance(60_000)
  expect(next.value).toBeUndefined()
  expect(held.lost.aborted).toBe(false)
})

test('patience is five times the commit time where that is longer', async () => {
  const { nodes, clock } = createRoom(2)
  await acquired(nodes[0]!)
  const next = acquire(nodes[1]!, { commitMs: () => 700 })
  const waitedMs = await timeUntil(clock, () => next.value !== undefined)
  expect(waitedMs).toBeGreaterThanOrEqual(3_500)
  expect(waitedMs).toBeLessThan(4_000)
})

test('patience doubles after revocations without progress, up to the session timeout', async () => {
  const { nodes, clock } = createRoom(2)
  const waits: number[] = []
  for (let round = 0; round < 5; round++) {
    const held = await acquired(nodes[0]!)
    const next = acquire(nodes[1]!)
    waits.push(await timeUntil(clock, () => next.value !== undefined))
    await held.release()
    await next.value?.release()
  }
  const rounded = waits.map((waitedMs) => Math.floor(waitedMs / 1_000))
  expect(rounded).toEqual([1, 2, 4, 6, 6])
})

test('patience returns after progress', async () => {
  const { nodes, clock } = createRoom(2)
  let slot = 0
  const waits: number[] = []
  for (let round = 0; round < 4; round++) {
    if (round === 3) slot++
    const held = await acquired(nodes[0]!)
    const next = acquire(nodes[1]!, { progress: async () => String(slot) })
    waits.push(await timeUntil(clock, () => next.value !== undefined))
    await held.release()
    await next.value?.release()
  }
  expect(waits.map((waitedMs) => Math.floor(waitedMs / 1_000))).toEqual([1, 2, 4, 1])
})

test('two frozen in a row fall one after the other, before their sessions do', async () => {
  const { nodes, clock } = createRoom(3)
  const held = await acquired(nodes[0]!)
  const second = acquire(nodes[1]!)
  await settle()
  nodes[0]!.freeze()
  nodes[1]!.freeze()
  const third = acquire(nodes[2]!)
  const waitedMs = await timeUntil(clock, () => third.value !== undefined)
  expect(waitedMs).toBeLessThan(5_500) // the session timeout is 6,000
  expect(nodes[2]!.count('lock_revocations_total')).toBe(2)
  nodes[0]!.thaw()
  nodes[1]!.thaw()
  await timeUntil(clock, () => nodes[0]!.store.session.state === 'serving', 3_000)
  expect(await canWrite(nodes[0]!, held.guard)).toBe(false)
  await third.value?.release()
  await settle()
  await timeUntil(clock, () => second.value !== undefined, 10_000) // it queued again
})

test('a waiter far behind leaves the revocation to the one before it', async () => {
  const { nodes, clock } = createRoom(5)
  await acquired(nodes[0]!)
  const waiting: Pending<Lock>[] = []
  for (const node of nodes.slice(1)) {
    waiting.push(acquire(node))
    await settle()
  }
  await timeUntil(clock, () => waiting[0]?.value !== undefined)
  expect(nodes.map((node) => node.count('lock_revocations_total'))).toEqual([0, 1, 0, 0, 0])
})

test('nobody is revoked while the store is suspended, and patience begins anew afterwards', async () => {
  const { nodes, clock, world } = createRoom(2)
  const held = await acquired(nodes[0]!)
  const next = acquire(nodes[1]!)
  await clock.advance(900)
  const { session } = nodes[1]!.store
  world.silence(session)
  await clock.advance(4_000)
  expect(session.state).toBe('suspended')
  world.heal(session)
  await timeUntil(clock, () => session.state === 'serving')
  const waitedMs = await timeUntil(clock, () => next.value !== undefined)
  expect(waitedMs).toBeGreaterThanOrEqual(lockPatienceMs)
  expect(held.lost.aborted).toBe(true)
})

test('a waiter that was frozen itself gives the holder its whole patience again', async () => {
  const { nodes, clock } = createRoom(2)
  let slot = 0
  await acquired(nodes[0]!)
  const next = acquire(nodes[1]!, { progress: async () => String(slot) })
  await clock.advance(900)
  nodes[1]!.clock.freeze()
  await clock.advance(1_200) // shorter than what suspends its store
  nodes[1]!.clock.thaw()
  await settle()
  expect(nodes[1]!.store.session.state).toBe('serving')
  expect(next.value).toBeUndefined()
  await clock.advance(lockPatienceMs / 2)
  slot++
  await clock.advance(lockPatienceMs)
  expect(next.value).toBeUndefined()
  await timeUntil(clock, () => next.value !== undefined, 2_000)
})

test.each([
  { what: 'answered late', sessionTimeoutMs: 15_000 },
  { what: 'all beyond their deadline', sessionTimeoutMs: 6_000 },
])(
  'commits that take 3 s on five nodes ($what) still make progress, and healthy nodes keep their turns',
  async ({ sessionTimeoutMs }) => {
    const { nodes, clock, world } = createRoom(5, { sessionTimeoutMs })
    world.latency = (kind) => ({ requestMs: kind === 'commit' ? 3_000 : 0, replyMs: 0 })
    const stop = new AbortController()
    let slot = 0
    const turns = new Map<string, number>()
    const work = nodes.map(async (node) => {
      while (!stop.signal.aborted) {
        const lock = await node.locks
          .acquire('locks/a', {
            signal: stop.signal,
            progress: async () => String(slot),
            commitMs: () => 3_000,
          })
          .catch(() => undefined)
        if (lock === undefined) continue
        const key = `notes/${node.deps.entropy.token(9)}`
        const writes = [{ kind: 'create', key, value: new Uint8Array() } as const]
        const append = async (): Promise<boolean> => {
          const result = await node.store.commit({ guards: [lock.guard], writes }).catch(() => null)
          return result?.ok ?? (await node.store.get(key, { fresh: true })) !== undefined
        }
        if ((await append()) || (await append())) {
          slot++
          turns.set(node.nodeId, (turns.get(node.nodeId) ?? 0) + 1)
        }
        await lock.release()
      }
    })
    for (let minute = 0; minute < 5; minute++) await clock.advance(60_000)
    const revocationCount = nodes.reduce((sum, n) => sum + n.count('lock_revocations_total'), 0)
    stop.abort()
    world.latency = undefined
    await clock.advance(60_000)
    await Promise.all(work)
    expect([...turns.keys()].sort()).toEqual(nodes.map(({ nodeId }) => nodeId))
    expect(Math.min(...turns.values())).toBeGreaterThan(2)
    expect(must(revocationCount, 'count')).toBeLessThanOrEqual(slot / 10)
  },
)
