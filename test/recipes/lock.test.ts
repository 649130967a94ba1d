import { expect, test } from 'vitest'
import { readQueue } from '../../src/recipes/lock.ts'
import { must } from '../../src/lib/assert.ts'
import { settle } from '../support/manual-clock.ts'
import { acquire, acquired, createRoom } from './room.ts'

test('the lock goes round in the order of arrival, with rising fencing tokens', async () => {
  const { nodes, world: _world } = createRoom(4)
  const order: string[] = []
  const tokens: bigint[] = []
  const first = await acquired(nodes[0]!)
  tokens.push(first.fencingToken)
  const waiting = []
  for (const node of nodes.slice(1)) {
    waiting.push({ node, lock: acquire(node) })
    await settle()
  }
  expect((await readQueue(nodes[3]!.store, 'locks/a')).map(({ nodeId }) => nodeId)).toEqual([
    'node-1',
    'node-2',
    'node-3',
    'node-4',
  ])
  await first.release()
  for (const { node, lock } of waiting) {
    await settle()
    const held = must(lock.value, 'lock')
    expect(waiting.filter((other) => other.lock.value !== undefined).length).toBe(order.length + 1)
    order.push(node.nodeId)
    tokens.push(held.fencingToken)
    await held.release()
  }
  expect(order).toEqual(['node-2', 'node-3', 'node-4'])
  expect(tokens).toEqual([...tokens].sort((a, b) => (a < b ? -1 : 1)))
  expect(nodes.map(({ counted }) => counted.get('lock_handovers_total') ?? 0)).toEqual([0, 1, 1, 1])
})

test('an uncontended lock costs one commit and one list before it is held', async () => {
  const { nodes, world } = createRoom(1)
  const before = { ...world.counts }
  const held = await nodes[0]!.locks.acquire('locks/a', {
    signal: new AbortController().signal,
    progress: () => Promise.reject(new Error('nobody waits, so nobody asks')),
    commitMs: () => 0,
  })
  expect(world.counts.commit - before.commit).toBe(1)
  expect(world.counts.list - before.list).toBeLessThanOrEqual(2) // the second belongs to the watch
  expect(world.counts.get).toBe(before.get)
  expect(held.wanted.aborted).toBe(false)
})
