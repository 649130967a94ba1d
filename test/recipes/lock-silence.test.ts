import { expect, test } from 'vitest'
import { settle } from '../support/manual-clock.ts'
import { acquire, acquired, createRoom, dir, timeUntil } from './room.ts'

// What becomes of a lock when the store answers with silence.

test('a create whose reply was lost leaves one place in the queue, and none after release', async () => {
  const { nodes, world, clock } = createRoom(2)
  const [node, reader] = [nodes[0]!, nodes[1]!]
  world.dropReply(node.store.session)
  const pending = acquire(node)
  await timeUntil(clock, () => pending.value !== undefined, 3_000)
  expect(await reader.store.list(dir)).toHaveLength(1)
  await pending.value?.release()
  await clock.advance(30_000)
  expect(await reader.store.list(dir)).toHaveLength(0)
})

test('a create that never arrived is sent again', async () => {
  const { nodes, world, clock } = createRoom(1)
  let lost = 0
  world.latency = (kind) => ({
    requestMs: kind === 'commit' && lost++ === 0 ? Infinity : 0,
    replyMs: 0,
  })
  const pending = acquire(nodes[0]!)
  await timeUntil(clock, () => pending.value !== undefined, 3_000)
  expect(await nodes[0]!.store.list(dir)).toHaveLength(1)
})

test('a create that lands after its caller gave up does not stay in the way', async () => {
  const { nodes, world, clock } = createRoom(2)
  const [node, other] = [nodes[0]!, nodes[1]!]
  const { session } = node.store
  world.silence(session)
  const pending = acquire(node)
  await timeUntil(clock, () => pending.error !== undefined, 5_000)
  world.heal(session)
  expect(await other.store.list(dir)).toHaveLength(1) // it landed
  await timeUntil(clock, () => [...world.server.list(dir)].length === 0, 10_000)
  expect(node.store.session).toBe(session) // deleted, not expired
})

test('a create that lands after the release does not stay in the way either', async () => {
  const { nodes, world, clock } = createRoom(2)
  const [node, other] = [nodes[0]!, nodes[1]!]
  let commitCount = 0
  world.latency = (kind) => ({
    requestMs: kind === 'commit' && commitCount++ === 0 ? 4_000 : 0,
    replyMs: 0,
  })
  const pending = acquire(node)
  await timeUntil(clock, () => pending.value !== undefined, 3_000)
  await pending.value?.release()
  expect(await other.store.list(dir)).toHaveLength(0)
  await timeUntil(clock, () => [...world.server.list(dir)].length > 0, 5_000) // the first one landed
  await timeUntil(clock, () => [...world.server.list(dir)].length === 0, 20_000)
})

test('a delete whose outcome is unknown is tried again until the key is gone', async () => {
  const { nodes, world, clock } = createRoom(2)
  const held = await acquired(nodes[0]!)
  const next = acquire(nodes[1]!, { progress: async () => String(clock.monotonicMs()) })
  await settle()
  const { session } = nodes[0]!.store
  world.latency = (kind, of) => ({
    requestMs: kind === 'commit' && of === session ? Infinity : 0,
    replyMs: 0,
  })
  void held.release()
  await clock.advance(5_000)
  expect(next.value).toBeUndefined()
  world.latency = undefined
  await timeUntil(clock, () => next.value !== undefined, 10_000)
  expect(nodes[0]!.store.session).toBe(session)
  expect(nodes[1]!.count('lock_revocations_total')).toBe(0)
})

test('acquire says at once that the store is suspended', async () => {
  const { nodes, world, clock } = createRoom(1)
  world.silence(nodes[0]!.store.session)
  await clock.advance(2_500)
  const pending = acquire(nodes[0]!)
  await settle()
  expect(pending.error?.name).toBe('Suspended')
})
