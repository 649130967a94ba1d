import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { acquire, acquired, createRoom, lockPatienceMs, type RoomNode, timeUntil } from './room.ts'

// How long a dead holder keeps the lock, what asking for its progress costs, and what commit times count.

const sliceMs = lockPatienceMs / 5
const smallMs = 30

test.each([10, 110, 190, 290, 310, 450, 690, 890, 990, 1_090])(
  'a holder that dies right after a commit, %d ms into the wait, is revoked within patience and one slice',
  async (committedAfterMs) => {
    const { nodes, clock } = createRoom(2)
    let slot = 0
    await acquired(nodes[0]!)
    const next = acquire(nodes[1]!, { progress: async () => String(slot) })
    await clock.advance(committedAfterMs)
    slot++
    nodes[0]!.freeze()
    const silentMs = await timeUntil(clock, () => next.value !== undefined)
    expect(silentMs).toBeGreaterThanOrEqual(lockPatienceMs)
    expect(silentMs).toBeLessThanOrEqual(lockPatienceMs + sliceMs + smallMs)
  },
)

test('what a waiter knew when it began counts from then; what it knew wrongly does not', async () => {
  const known = createRoom(2)
  await acquired(known.nodes[0]!)
  const next = acquire(known.nodes[1]!, { progress: async () => '7', knownProgress: () => '7' })
  const waitedMs = await timeUntil(known.clock, () => next.value !== undefined)
  expect(waitedMs).toBeGreaterThanOrEqual(lockPatienceMs)
  expect(waitedMs).toBeLessThanOrEqual(lockPatienceMs + smallMs)

  const behind = createRoom(2)
  await acquired(behind.nodes[0]!)
  const later = acquire(behind.nodes[1]!, { progress: async () => '7', knownProgress: () => '6' })
  const longerMs = await timeUntil(behind.clock, () => later.value !== undefined)
  expect(longerMs).toBeGreaterThanOrEqual(lockPatienceMs + lockPatienceMs / 10)
})

test('a holder that commits just in time, again and again, is revoked soon after its last commit', async () => {
  const { nodes, clock } = createRoom(2)
  let slot = 0
  await acquired(nodes[0]!)
  const next = acquire(nodes[1]!, { progress: async () => String(slot) })
  for (let commit = 0; commit < 20; commit++) {
    await clock.advance(lockPatienceMs - 10)
    slot++
    expect(next.value).toBeUndefined()
  }
  const silentMs = await timeUntil(clock, () => next.value !== undefined)
  expect(silentMs).toBeLessThanOrEqual(lockPatienceMs + sliceMs + smallMs)
})

test('who waits less than a tenth of the patience asks for no progress, and who waits it out a few times', async () => {
  const { nodes, clock } = createRoom(2)
  let askedCount = 0
  const progress = async () => {
    askedCount++
    return '0'
  }
  const held = await acquired(nodes[0]!)
  const quick = acquire(nodes[1]!, { progress })
  await clock.advance(lockPatienceMs / 10 - 10)
  await held.release()
  await timeUntil(clock, () => quick.value !== undefined)
  expect(askedCount).toBe(0)
  await quick.value?.release()

  await acquired(nodes[0]!)
  const slow = acquire(nodes[1]!, { progress })
  await timeUntil(clock, () => slow.value !== undefined)
  expect(nodes[1]!.count('lock_revocations_total')).toBe(1)
  expect(askedCount).toBeLessThanOrEqual(7)
})

test('who is further behind asks less often', async () => {
  const { nodes, clock } = createRoom(4)
  let slot = 0
  const askedCounts = [0, 0, 0]
  await acquired(nodes[0]!)
  for (const [index, node] of nodes.slice(1).entries()) {
    acquire(node, {
      progress: async () => {
        askedCounts[index]!++
        return String(slot)
      },
    })
    await clock.advance(1)
  }
  for (let commit = 0; commit < 24; commit++) {
    await clock.advance(500)
    slot++
  }
  const [first, second, third] = askedCounts
  expect(must(second, 'second')).toBeLessThanOrEqual(must(first, 'first') / 2 + 2)
  expect(must(third, 'third')).toBeLessThanOrEqual(must(first, 'first') / 3 + 2)
})

test('one slow enqueue does not make a waiter patient', async () => {
  const room = createRoom(2)
  await queueSome(room, [5, 5])
  const waitedMs = await waitForDeadHolder(room, 400)
  expect(waitedMs).toBeLessThan(lockPatienceMs + sliceMs + smallMs)
})

test('slow enqueues one after the other do', async () => {
  const room = createRoom(2)
  await queueSome(room, [5, 5, 400, 400])
  const waitedMs = await waitForDeadHolder(room, 400)
  expect(waitedMs).toBeGreaterThanOrEqual(5 * 400)
})

test('a quick enqueue on a slow store does not make a waiter hasty', async () => {
  const room = createRoom(2)
  await queueSome(room, [400, 400, 400, 400])
  const waitedMs = await waitForDeadHolder(room, 5)
  expect(waitedMs).toBeGreaterThanOrEqual(5 * 400)
})

test('a store whose reads are slow does not keep a dead holder in place', async () => {
  const { nodes, clock, world } = createRoom(2)
  await acquired(nodes[0]!)
  world.latency = (kind) => ({ requestMs: kind === 'commit' ? 0 : 700, replyMs: 0 })
  const progress = async () => {
    await nodes[1]!.store.get('notes/none', { fresh: true })
    return '0'
  }
  const next = acquire(nodes[1]!, { progress })
  const waitedMs = await timeUntil(clock, () => next.value !== undefined)
  expect(waitedMs).toBeLessThan(8 * lockPatienceMs) // its session never ends here
})

test('a store that turns slow all at once costs each node a few turns at most', async () => {
  const { nodes, clock, world } = createRoom(3, { sessionTimeoutMs: 15_000 })
  const stop = new AbortController()
  let slot = 0
  let commitMs = 5
  world.latency = (kind) => ({ requestMs: kind === 'commit' ? commitMs : 0, replyMs: 0 })
  const work = nodes.map((node) =>
    keepBidding(
      node,
      stop.signal,
      () => slot,
      () => slot++,
    ),
  )
  await clock.advance(2_000)
  expect(slot).toBeGreaterThan(50)
  const revoked = () => nodes.map((node) => node.count('lock_revocations_total'))
  expect(revoked()).toEqual([0, 0, 0])
  commitMs = 1_500
  await clock.advance(60_000)
  const atFirst = revoked()
  expect(Math.max(...atFirst)).toBeLessThanOrEqual(4)
  const slotBefore = slot
  await clock.advance(120_000)
  expect(revoked()).toEqual(atFirst)
  expect(slot).toBeGreaterThan(slotBefore + 20)
  stop.abort()
  await clock.advance(60_000)
  await Promise.all(work)
})

type Room = ReturnType<typeof createRoom>

/** The second node takes and releases the lock, with creates that take so long; the store is quick again afterwards. */
async function queueSome({ nodes, clock, world }: Room, enqueuesMs: readonly number[]) {
  for (const enqueueMs of enqueuesMs) {
    world.latency = (kind) => ({ requestMs: kind === 'commit' ? enqueueMs : 0, replyMs: 0 })
    const pending = acquire(nodes[1]!)
    await timeUntil(clock, () => pending.value !== undefined)
    void pending.value?.release()
    await clock.advance(1_000)
    world.latency = undefined
  }
}

/** How long the second node waits behind a dead holder, from when it stands in the queue. */
async function waitForDeadHolder({ nodes, clock, world }: Room, enqueueMs: number) {
  await acquired(nodes[0]!)
  world.latency = (kind) => ({ requestMs: kind === 'commit' ? enqueueMs : 0, replyMs: 0 })
  const next = acquire(nodes[1]!)
  await clock.advance(enqueueMs)
  world.latency = undefined
  return timeUntil(clock, () => next.value !== undefined)
}

/** Takes the lock, commits once under it, gives it back, and so on. */
async function keepBidding(
  node: RoomNode,
  signal: AbortSignal,
  slot: () => number,
  onCommit: () => unknown,
) {
  let commitMs = 0
  while (!signal.aborted) {
    const progress = async () => String(slot())
    const lock = await node.locks
      .acquire('locks/a', { signal, progress, commitMs: () => commitMs })
      .catch(() => undefined)
    if (lock === undefined) continue
    const startedAtMs = node.clock.monotonicMs()
    const key = `notes/${node.deps.entropy.token(9)}`
    const writes = [{ kind: 'create', key, value: new Uint8Array() } as const]
    const result = await node.store.commit({ guards: [lock.guard], writes }).catch(() => undefined)
    commitMs = commitMs * 0.9 + (node.clock.monotonicMs() - startedAtMs) * 0.1
    if (result?.ok === true) onCommit()
    await lock.release()
  }
}
