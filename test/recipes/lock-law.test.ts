import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { asError, sleep } from '../../src/lib/clock.ts'
import type { Lock } from '../../src/recipes/lock.ts'
import { lawRuns, lawTimeout } from './law.ts'
import { createRoom, dir, type RoomNode } from './room.ts'

// Whatever happens to nodes and store: what was written under the lock is ordered by its fencing tokens, and everybody
// gets a turn again once things are quiet.

const nodeCount = 3
const misfortune = fc.record({
  kind: fc.constantFrom('none', 'freeze', 'thaw', 'expire', 'dropReply', 'silence', 'heal'),
  node: fc.nat(nodeCount - 1),
  afterMs: fc.nat(2_000),
})
const weather = fc.record({
  misfortunes: fc.array(misfortune, { maxLength: 8 }),
  delayMs: fc.constantFrom(0, 20, 150, 700),
  staleMs: fc.constantFrom(undefined, 5, 300),
})

/** Whichever of the two holds the lock, or is next, stands still with it: it is taken away. */
const twoStandStill = {
  misfortunes: [
    ...[0, 1].map((node) => ({ kind: 'freeze' as const, node, afterMs: 700 })),
    ...[0, 0].map((node) => ({ kind: 'none' as const, node, afterMs: 2_000 })),
  ],
  delayMs: 0 as const,
  staleMs: undefined,
}

test(
  'writes under the lock are ordered by fencing token, whatever happens',
  lawTimeout,
  async () => {
    let writeCount = 0
    let handoverCount = 0
    let revocationCount = 0
    await fc.assert(
      fc.asyncProperty(weather, async ({ misfortunes, delayMs, staleMs }) => {
        const { nodes, clock, world } = createRoom(nodeCount)
        if (staleMs !== undefined) world.staleness = () => staleMs
        world.latency = () => ({ requestMs: delayMs, replyMs: delayMs })
        const stop = new AbortController()
        const turns = new Map<string, number>()
        const work = nodes.map((node) => keepWriting(node, stop.signal, turns))
        for (const { kind, node, afterMs } of misfortunes) {
          await clock.advance(afterMs)
          bring(world, must(nodes[node], 'node'), kind)
        }
        for (const node of nodes) node.thaw()
        for (const { store } of nodes) world.heal(store.session)
        await clock.advance(20_000)
        turns.clear()
        await clock.advance(30_000)
        stop.abort()
        await clock.advance(20_000)
        await Promise.all(work)
        expect([...turns.keys()].sort()).toEqual(nodes.map(({ nodeId }) => nodeId))
        const written = [...world.server.list('notes')]
          .map(([, leaf]) => ({ at: leaf.createRevision, token: tokenIn(leaf.value) }))
          .sort((a, b) => (a.at < b.at ? -1 : 1))
        for (const [index, { token }] of written.entries()) {
          expect(token).toBeGreaterThanOrEqual(written[index - 1]?.token ?? 0n)
        }
        writeCount += written.length
        for (const node of nodes) {
          handoverCount += node.count('lock_handovers_total')
          revocationCount += node.count('lock_revocations_total')
        }
      }),
      { numRuns: lawRuns(10), examples: [[twoStandStill]] },
    )
    expect(Math.min(writeCount, handoverCount, revocationCount)).toBeGreaterThan(0)
  },
)

async function keepWriting(node: RoomNode, signal: AbortSignal, turns: Map<string, number>) {
  while (!signal.aborted) {
    const turn = new AbortController()
    const onStop = () => turn.abort()
    signal.addEventListener('abort', onStop, { once: true })
    try {
      const progress = async () => String((await node.store.list('notes')).length)
      const options = { signal: turn.signal, progress, commitMs: () => 0 }
      const lock = await node.locks.acquire(dir, options)
      await writeUnder(node, lock)
      await sleep(node.clock, 400)
      await writeUnder(node, lock) // though it may be lost by now
      await lock.release()
      turns.set(node.nodeId, (turns.get(node.nodeId) ?? 0) + 1)
    } catch (error) {
      expect(['Suspended', 'SessionLost', 'OutcomeUnknown', 'AbortError']).toContain(
        asError(error).name,
      )
      await sleep(node.clock, 250)
    }
    signal.removeEventListener('abort', onStop)
  }
}

async function writeUnder({ store, deps }: RoomNode, { guard, fencingToken }: Lock) {
  const key = `notes/${deps.entropy.token(9)}`
  const value = new TextEncoder().encode(fencingToken.toString())
  await store
    .commit({ guards: [guard], writes: [{ kind: 'create', key, value }] })
    .catch(() => undefined) // the order of what was written is the question, not what its writer learned
}

function tokenIn(value: Uint8Array): bigint {
  return BigInt(new TextDecoder().decode(value))
}

function bring(world: ReturnType<typeof createRoom>['world'], node: RoomNode, kind: string) {
  const { session } = node.store
  if (kind === 'freeze') node.freeze()
  else if (kind === 'thaw') node.thaw()
  else if (kind === 'expire') world.expire(session)
  else if (kind === 'dropReply') world.dropReply(session)
  else if (kind === 'silence') world.silence(session)
  else if (kind === 'heal') world.heal(session)
}
