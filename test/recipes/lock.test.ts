import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { readQueue } from '../../src/recipes/lock.ts'
import { settle } from '../support/manual-clock.ts'
import { acquire, acquired, canWrite, createRoom, dir, type RoomNode, timeUntil } from './room.ts'

const queueOf = async (node: RoomNode) =>
  (await readQueue(node.store, dir)).map(({ nodeId }) => nodeId)

test('the lock goes round in the order of arrival, with rising fencing tokens', async () => {
  const { nodes } = createRoom(4)
  const first = await acquired(nodes[0]!)
  const tokens = [first.fencingToken]
  const waiting = []
  for (const node of nodes.slice(1)) {
    waiting.push({ node, lock: acquire(node) })
    await settle()
  }
  expect(await queueOf(nodes[3]!)).toEqual(['node-1', 'node-2', 'node-3', 'node-4'])
  await first.release()
  for (const [index, { lock }] of waiting.entries()) {
    await settle()
    expect(waiting.filter((other) => other.lock.value !== undefined).length).toBe(index + 1)
    tokens.push(must(lock.value, 'lock').fencingToken)
    await lock.value?.release()
  }
  expect(tokens).toEqual([...tokens].sort((a, b) => (a < b ? -1 : 1)))
  expect(nodes.map((node) => node.count('lock_handovers_total'))).toEqual([0, 1, 1, 1])
  expect(await queueOf(nodes[0]!)).toEqual([])
})

test('an uncontended lock costs one commit and one list before it is held', async () => {
  const { nodes, world } = createRoom(1)
  const before = { ...world.counts }
  const held = await nodes[0]!.locks.acquire(dir, {
    signal: new AbortController().signal,
    progress: () => Promise.reject(new Error('nobody waits, so nobody asks')),
    commitMs: () => 0,
  })
  expect(world.counts.commit - before.commit).toBe(1)
  await settle()
  expect(world.counts.list - before.list).toBe(2) // the second is what the watch asks for once it is armed
  expect(world.counts.get + world.counts.freshGet).toBe(before.get + before.freshGet)
  expect(held.wanted.aborted).toBe(false)
})

test('a release wakes one waiter, however many wait', async () => {
  const listsOfRelease = async (waiterCount: number) => {
    const { nodes, world } = createRoom(waiterCount + 1)
    const held = await acquired(nodes[0]!)
    for (const node of nodes.slice(1)) {
      acquire(node)
      await settle()
      expect(node.store.health().watchCount).toBe(1)
    }
    const before = { ...world.counts }
    await held.release()
    await settle()
    return [world.counts.list - before.list, world.counts.freshGet - before.freshGet]
  }
  const few = await listsOfRelease(2)
  expect(few[0]).toBeGreaterThan(0)
  expect(await listsOfRelease(20)).toEqual(few)
})

test('the holder is told that somebody waits, and not before', async () => {
  const { nodes } = createRoom(2)
  const held = await acquired(nodes[0]!)
  expect(held.wanted.aborted).toBe(false)
  acquire(nodes[1]!)
  await settle()
  expect(held.wanted.aborted).toBe(true)
  expect(held.lost.aborted).toBe(false)
})

test('a waiter that came before the holder held is noticed', async () => {
  const { nodes } = createRoom(3)
  const first = await acquired(nodes[0]!)
  const second = acquire(nodes[1]!)
  await settle()
  acquire(nodes[2]!)
  await settle()
  await first.release()
  await settle()
  expect(must(second.value, 'lock').wanted.aborted).toBe(true)
})

test('a waiter that gives up leaves the queue to those behind it', async () => {
  const { nodes } = createRoom(3)
  const held = await acquired(nodes[0]!)
  const patience = new AbortController()
  const second = acquire(nodes[1]!, { signal: patience.signal })
  await settle()
  const third = acquire(nodes[2]!)
  await settle()
  patience.abort(new Error('the bidder left'))
  await settle()
  expect(second.error?.message).toBe('the bidder left')
  expect(await queueOf(nodes[0]!)).toEqual(['node-1', 'node-3'])
  await held.release()
  await settle()
  expect(third.value).toBeDefined()
})

test('a node waits once per directory', async () => {
  const { nodes } = createRoom(2)
  await acquired(nodes[0]!)
  acquire(nodes[1]!)
  const again = acquire(nodes[1]!)
  await settle()
  expect(again.error?.message).toContain('one acquire')
})

test('a holder whose session is lost learns it, and cannot write', async () => {
  const { nodes, world, clock } = createRoom(2)
  const held = await acquired(nodes[0]!)
  const next = acquire(nodes[1]!)
  await settle()
  world.expire(nodes[0]!.store.session)
  await settle()
  expect(next.value).toBeDefined()
  await timeUntil(clock, () => held.lost.aborted, 2_000)
  expect(await canWrite(nodes[0]!, held.guard)).toBe(false)
  expect(await canWrite(nodes[1]!, must(next.value, 'lock').guard)).toBe(true)
  expect(next.value?.lost.aborted).toBe(false)
})

test('a waiter whose session is lost is told so', async () => {
  const { nodes, world, clock } = createRoom(2)
  await acquired(nodes[0]!)
  const next = acquire(nodes[1]!, { progress: async () => String(clock.monotonicMs()) })
  await settle()
  world.expire(nodes[1]!.store.session)
  await timeUntil(clock, () => next.error !== undefined, 2_000)
  expect(next.error?.name).toBe('SessionLost')
})

test('a lock that is given up within a commit of the holder goes to the next with that commit', async () => {
  const { nodes, world } = createRoom(2)
  const [first, second] = [nodes[0]!, nodes[1]!]
  const held = await acquired(first)
  const waiting = acquire(second)
  await settle()
  const before = world.counts.commit
  const farewell = must(held.farewell, 'farewell')
  const note = { kind: 'create', key: 'notes/last', value: new Uint8Array() } as const
  const writes = [note, farewell.write]
  expect((await first.store.commit({ guards: [held.guard], writes })).ok).toBe(true)
  farewell.landed()
  await settle()
  expect(must(waiting.value, 'lock').fencingToken > held.fencingToken).toBe(true)
  expect(await queueOf(first)).toEqual(['node-2'])
  expect(world.counts.commit - before).toBe(1)
  expect(await canWrite(first, held.guard)).toBe(false)
})
