import { expect, test } from 'vitest'
import { createMembership } from '../../src/recipes/membership.ts'
import { settle } from '../support/manual-clock.ts'
import { createRoom, pend, timeUntil } from './room.ts'

const never = () => new AbortController().signal

function createMembers(nodeCount: number) {
  const room = createRoom(nodeCount)
  const members = room.nodes.map((node) => ({ ...node, membership: createMembership(node.deps) }))
  const watcher = members[0]!.membership
  const ids = () => watcher.list().map(({ nodeId }) => nodeId)
  return { ...room, members, watcher, ids }
}

test('everybody who joined is listed with what it says of itself', async () => {
  const { members, watcher, ids } = createMembers(3)
  const changes: number[] = []
  watcher.onChange((list) => changes.push(list.length))
  await watcher.observe(never())
  expect(ids()).toEqual([])
  for (const { membership, nodeId } of members) {
    await membership.join({ url: `http://${nodeId}` }, never())
  }
  await settle()
  expect(ids()).toEqual(['node-1', 'node-2', 'node-3'])
  expect(watcher.list()[1]?.info).toEqual({ url: 'http://node-2' })
  expect(changes.at(-1)).toBe(3)
})

test('a look past what may be out of date finds what a member has said meanwhile', async () => {
  const { members, watcher, world, clock } = createMembers(2)
  await watcher.observe(never())
  await members[1]!.membership.join({ ready: false }, never())
  await settle()
  world.staleness = () => 2_000
  members[1]!.membership.update({ ready: true })
  await clock.advance(100)
  expect(watcher.list()[0]?.info).toEqual({ ready: false })
  expect((await watcher.lookAfresh())[0]?.info).toEqual({ ready: true })
})

test('a member stays one through a new session', async () => {
  const { members, watcher, ids, world, clock } = createMembers(2)
  await watcher.observe(never())
  await members[1]!.membership.join({}, never())
  const { store } = members[1]!
  const { session } = store
  world.expire(session)
  await timeUntil(clock, () => watcher.list()[0]?.sessionId === store.session.id, 5_000)
  expect(store.session).not.toBe(session)
  expect(ids()).toEqual(['node-2'])
})

test('a member that died is gone after its session', async () => {
  const { members, watcher, ids, clock } = createMembers(2)
  await watcher.observe(never())
  await members[1]!.membership.join({}, never())
  members[1]!.freeze()
  await clock.advance(3_000)
  expect(ids()).toEqual(['node-2'])
  await clock.advance(4_000)
  expect(ids()).toEqual([])
})

test('of two incarnations of one node the newest is listed', async () => {
  const { members, watcher, nodes } = createMembers(3)
  await watcher.observe(never())
  await members[1]!.membership.join({ start: 1 }, never())
  const reborn = createMembership({ ...nodes[2]!.deps, nodeId: 'node-2' })
  await reborn.join({ start: 2 }, never())
  await settle()
  expect(watcher.list().map(({ nodeId, info }) => [nodeId, info])).toEqual([
    ['node-2', { start: 2 }],
  ])
})

test('what a member says of itself can change, also while the store is away', async () => {
  const { members, watcher, world, clock } = createMembers(2)
  const { membership, store } = members[1]!
  await watcher.observe(never())
  await membership.join({ ready: false }, never())
  await settle()
  membership.update({ ready: true })
  await settle()
  const stored = world.server.get(`members/node-2~${store.session.id}`)
  expect(new TextDecoder().decode(stored?.value)).toBe('{"ready":true}')
  await clock.advance(6_000)
  expect(watcher.list()[0]?.info).toEqual({ ready: true })
  world.silence(store.session)
  await clock.advance(3_000)
  membership.update({ ready: 'again' })
  await settle()
  world.heal(store.session)
  await clock.advance(8_000)
  expect(watcher.list()[0]?.info).toEqual({ ready: 'again' })
})

test('a member that leaves is gone at once', async () => {
  const { members, watcher, ids } = createMembers(2)
  await watcher.observe(never())
  const stop = new AbortController()
  await members[1]!.membership.join({}, stop.signal)
  await settle()
  expect(ids()).toEqual(['node-2'])
  stop.abort()
  await settle()
  expect(ids()).toEqual([])
})

test('a node that starts without a store joins when it comes', async () => {
  const { members, world, clock } = createMembers(1)
  const { membership, store } = members[0]!
  const { session } = store
  world.silence(session)
  await clock.advance(2_500)
  const joined = pend(membership.join({}, never()).then(() => true))
  await clock.advance(1_000)
  expect(joined.value).toBeUndefined()
  world.heal(session)
  await timeUntil(clock, () => joined.value === true, 3_000)
})
