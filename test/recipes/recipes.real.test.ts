import { setMaxListeners } from 'node:events'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { createClusterClock } from '../../src/recipes/cluster-clock.ts'
import { createElection } from '../../src/recipes/election.ts'
import type { Lock } from '../../src/recipes/lock.ts'
import { createMembership } from '../../src/recipes/membership.ts'
import { type BackendKind, findBackend, type ProvidedStore } from '../support/backends.ts'
import { eventually } from '../support/eventually.ts'
import { openRealNode, type RealNode, sessionTimeoutMs } from './real-room.ts'

const kinds: readonly BackendKind[] = ['zookeeper', 'etcd']
const backends = await Promise.all(
  kinds.map(async (kind) => ({ kind, backend: await findBackend(kind, { size: 3 }) })),
)
const clientCount = 3
const roundCount = 50
const encoder = new TextEncoder()
const decoder = new TextDecoder()

for (const { kind, backend } of backends) {
  describe.skipIf(backend === undefined)(`three nodes, each on its own ${kind} of three`, () => {
    let provided: ProvidedStore
    let nodes: RealNode[]
    let rootCount = 0
    let stop: AbortController

    beforeAll(async () => {
      provided = await must(backend, 'backend').start()
    })
    afterAll(async () => {
      await provided.stop()
    })
    beforeEach(async () => {
      const root = `recipes${++rootCount}`
      stop = new AbortController()
      setMaxListeners(0, stop.signal)
      nodes = await Promise.all(
        Array.from({ length: clientCount }, (_, index) => openRealNode(provided, index, root)),
      )
    })
    afterEach(async () => {
      stop.abort(new Error('the test is over'))
      await Promise.all(nodes.map((node) => node.close()))
    })

    const acquire = (node: RealNode, progress: () => Promise<string>): Promise<Lock> =>
      node.locks.acquire('locks/a', { signal: stop.signal, progress, commitMs: () => 0 })
    const slotOf = async (node: RealNode) =>
      decoder.decode((await node.store.get('head/a', { fresh: true }))?.value)

    test(`${clientCount} x ${roundCount} turns under the lock, one after the other`, async () => {
      const first = must(nodes[0], 'node')
      const created = await first.store.commit({
        guards: [],
        writes: [{ kind: 'create', key: 'head/a', value: encoder.encode('0') }],
      })
      expect(created.ok).toBe(true)
      const tokens: bigint[] = []
      let holderCount = 0
      await Promise.all(
        nodes.map(async (node) => {
          for (let round = 0; round < roundCount; round++) {
            const lock = await acquire(node, () => slotOf(node))
            expect(++holderCount).toBe(1)
            const head = must(await node.store.get('head/a', { fresh: true }), 'head')
            const value = encoder.encode(String(Number(decoder.decode(head.value)) + 1))
            const put = { kind: 'put', key: head.key, value } as const
            // Every other turn ends with its commit: the next one may begin before we hear of it.
            const farewell = round % 2 === 0 ? lock.farewell : undefined
            if (farewell !== undefined) holderCount--
            tokens.push(lock.fencingToken)
            const result = await node.store.commit({
              guards: [lock.guard, { kind: 'unchanged', key: head.key, version: head.version }],
              writes: farewell === undefined ? [put] : [put, farewell.write],
            })
            expect(result.ok).toBe(true)
            if (farewell === undefined) {
              holderCount--
              await lock.release()
            } else farewell.landed()
          }
        }),
      )
      expect(await slotOf(first)).toBe(String(clientCount * roundCount))
      expect(tokens).toEqual([...tokens].sort((a, b) => (a < b ? -1 : 1)))
      const handoverCount = nodes.reduce((sum, n) => sum + n.count('lock_handovers_total'), 0)
      expect(handoverCount).toBeGreaterThan(roundCount)
      expect(nodes.map((node) => node.count('lock_revocations_total'))).toEqual([0, 0, 0])
    })

    test('a holder that fell silent is revoked before its session ends, and cannot write', async () => {
      const [holder, waiter] = [must(nodes[0], 'node'), must(nodes[1], 'node')]
      const held = await acquire(holder, () => slotOf(holder))
      const { session } = holder.store
      holder.proxy.silence('both')
      const startedMs = performance.now()
      const next = await acquire(waiter, async () => 'nothing moves')
      expect(performance.now() - startedMs).toBeLessThan(sessionTimeoutMs)
      expect(waiter.count('lock_revocations_total')).toBe(1)
      holder.proxy.heal()
      await eventually(() => held.lost.aborted)
      await eventually(() => holder.store.session.state === 'serving')
      const write = { kind: 'create', key: 'notes/late', value: encoder.encode('') } as const
      const late = () => holder.store.commit({ guards: [held.guard], writes: [write] })
      expect((await late()).ok).toBe(false)
      expect(next.lost.aborted).toBe(false)
      expect(session.id.length).toBeGreaterThan(0)
    })

    test('when the leader’s session ends another leads, with a greater term', async () => {
      const candidates = nodes.map((node) => ({
        ...node,
        election: createElection({ ...node.deps, dir: 'leader' }),
      }))
      const [first, second, observer] = [candidates[0]!, candidates[1]!, candidates[2]!]
      await observer.election.observe(stop.signal)
      const old = await first.election.campaign(stop.signal)
      const coming = second.election.campaign(stop.signal)
      await eventually(() => observer.election.current()?.nodeId === 'node-1')
      first.proxy.silence('both')
      const startedMs = performance.now()
      const leadership = await coming
      expect(performance.now() - startedMs).toBeLessThan(3 * (sessionTimeoutMs + 2_000))
      expect(leadership.term).toBeGreaterThan(old.term)
      await eventually(() => old.lost.aborted)
      await eventually(() => observer.election.current()?.nodeId === 'node-2')
      expect(observer.election.current()?.term).toBe(leadership.term)
      expect(await observer.election.depose(leadership.term)).toBe(true)
      await eventually(() => leadership.lost.aborted)
    })

    test('members are listed, vanish with their session, and come back with a new one', async () => {
      const memberships = nodes.map((node) => createMembership(node.deps))
      const watcher = must(memberships[0], 'membership')
      await watcher.observe(stop.signal)
      await Promise.all(
        memberships.map((membership, index) => membership.join({ index }, stop.signal)),
      )
      const ids = () => watcher.list().map(({ nodeId }) => nodeId)
      await eventually(() => ids().join() === 'node-1,node-2,node-3')
      const before = watcher.list()[2]?.sessionId
      const { proxy } = must(nodes[2], 'node')
      proxy.silence('both')
      await eventually(() => ids().join() === 'node-1,node-2', { withinMs: 15_000 })
      proxy.heal()
      await eventually(() => ids().length === 3, { withinMs: 15_000 })
      expect(watcher.list()[2]?.sessionId).not.toBe(before)
      expect(watcher.list()[2]?.info).toEqual({ index: 2 })
    })

    test('cluster time is one time, and goes on over a change of leader', async () => {
      const parts = nodes.map((node) => ({
        clock: createClusterClock(node.deps),
        election: createElection({ ...node.deps, dir: 'leader' }),
      }))
      const gaps: unknown[] = []
      const options = {
        medianWallMs: async () => Date.now(),
        onGap: async (gap: unknown) => void gaps.push(gap),
      }
      await Promise.all(parts.map(({ clock }) => clock.follow(stop.signal)))
      const [first, second] = [parts[0]!, parts[1]!]
      const firstTerm = new AbortController()
      const leadership = await first.election.campaign(stop.signal)
      const startedMs = performance.now()
      const led = first.clock.lead(leadership, firstTerm.signal, options)
      await eventually(() => first.clock.isSettled, { everyMs: 2 })
      expect(performance.now() - startedMs).toBeLessThan(3_000)
      await eventually(() => parts.every(({ clock }) => clock.isSettled), { withinMs: 5_000 })
      const spreadMs = () => {
        const times = parts.map(({ clock }) => must(clock.now(), 'time'))
        return Math.max(...times) - Math.min(...times)
      }
      expect(spreadMs()).toBeLessThan(750)
      const before = must(first.clock.now(), 'time')
      firstTerm.abort()
      expect(await led).toBe('aborted')
      await leadership.resign()
      const next = await second.election.campaign(stop.signal)
      void second.clock.lead(next, stop.signal, options)
      const seenAtMs = first.clock.lastBeaconAt()
      await eventually(() => (first.clock.lastBeaconAt() ?? 0) > (seenAtMs ?? 0))
      expect(must(first.clock.now(), 'time')).toBeGreaterThanOrEqual(before)
      expect(spreadMs()).toBeLessThan(750)
      expect(gaps).toEqual([])
    })
  })
}
