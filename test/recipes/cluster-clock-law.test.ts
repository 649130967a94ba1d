import fc from 'fast-check'
import { expect, test } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { sleep } from '../../src/lib/clock.ts'
import { type Beacon, readBeacon } from '../../src/recipes/beacon.ts'
import { type ClockNode, createClockNode, followAll } from './clock-node.ts'
import { lawRuns, lawTimeout } from './law.ts'
import { createRoom } from './room.ts'

// Whatever happens to leaders, wall clocks and machines: cluster time never runs back, on a node or in the store, and the
// nodes agree again once things are quiet.

const nodeCount = 3
const hourMs = 3_600_000
const misfortune = fc.record({
  kind: fc.constantFrom(
    'none',
    'freeze',
    'thaw',
    'expire',
    'resign',
    'jumpWall',
    'sleep',
    'jumpAll',
  ),
  node: fc.nat(nodeCount - 1),
  byMs: fc.integer({ min: -hourMs, max: hourMs }),
  afterMs: fc.nat(4_000),
})
const weather = fc.record({
  misfortunes: fc.array(misfortune, { maxLength: 10 }),
  skewsMs: fc.array(fc.integer({ min: -hourMs, max: hourMs }), {
    minLength: nodeCount,
    maxLength: nodeCount,
  }),
  delaysMs: fc.array(fc.nat(150), { minLength: 1, maxLength: 7 }),
})

test('cluster time never runs back, whatever happens, and settles again', lawTimeout, async () => {
  let leaderCount = 0
  let coldCount = 0
  await fc.assert(
    fc.asyncProperty(weather, async ({ misfortunes, skewsMs, delaysMs }) => {
      const { nodes: roomNodes, clock, world } = createRoom(nodeCount, { skewsMs })
      const nodes = roomNodes.map((node) => createClockNode(node, roomNodes))
      let callCount = 0
      world.latency = () => ({
        requestMs: 0,
        replyMs: must(delaysMs[callCount++ % delaysMs.length], 'delay'),
      })
      const stop = new AbortController()
      const stoppers = nodes.map((node) => keepLeading(node, stop.signal))
      await followAll(nodes)
      const told = nodes.map(() => 0)
      let stored: Beacon | undefined
      const terms = new Set<bigint>()
      const pass = async (ms: number) => {
        for (let leftMs = ms; leftMs > 0; leftMs -= 500) {
          await clock.advance(Math.min(500, leftMs))
          for (const [index, { cluster }] of nodes.entries()) {
            const nowMs = cluster.now() ?? must(told[index], 'time')
            expect(nowMs).toBeGreaterThanOrEqual(must(told[index], 'time'))
            told[index] = nowMs
          }
          const { beacon } = beaconIn(world)
          expect(beacon?.term ?? 0n).toBeGreaterThanOrEqual(stored?.term ?? 0n)
          expect(beacon?.timeMs ?? 0).toBeGreaterThanOrEqual(stored?.timeMs ?? 0)
          stored = beacon
          if (beacon !== undefined) terms.add(beacon.term)
          coldCount += nodes.filter(({ coldGap }) => coldGap !== undefined).length
        }
      }
      for (const { kind, node, byMs, afterMs } of misfortunes) {
        await pass(afterMs)
        const victim = must(nodes[node], 'node')
        if (kind === 'freeze') victim.freeze()
        else if (kind === 'thaw') victim.thaw()
        else if (kind === 'expire') world.expire(victim.store.session)
        else if (kind === 'resign') stoppers[node]?.()
        else if (kind === 'jumpWall') victim.clock.jumpWall(byMs)
        else if (kind === 'jumpAll') for (const { clock: own } of nodes) own.jumpWall(byMs)
        else if (kind === 'sleep') victim.clock.loseMonotonic(Math.min(afterMs, 3_000))
      }
      for (const node of nodes) node.thaw()
      await pass(40_000)
      const times = nodes.map(({ cluster }) => must(cluster.now(), 'time: still unsettled'))
      expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1_200)
      stop.abort()
      await clock.advance(10_000)
      leaderCount += terms.size
    }),
    { numRuns: lawRuns(12) },
  )
  expect(leaderCount).toBeGreaterThan(lawRuns(12))
  expect(coldCount).toBeGreaterThan(0)

  function beaconIn(world: ReturnType<typeof createRoom>['world']) {
    const leaf = world.server.get('clock')
    const content = leaf && (JSON.parse(new TextDecoder().decode(leaf.value)) as BeaconJson)
    return { beacon: content && { term: BigInt(content.term), timeMs: content.time } }
  }
})

interface BeaconJson {
  term: string
  time: number
}

/** Campaigns for ever. Answers how to make it resign once. */
function keepLeading(node: ClockNode, signal: AbortSignal): () => void {
  let current = new AbortController()
  signal.addEventListener('abort', () => current.abort(), { once: true })
  const work = async () => {
    while (!signal.aborted) {
      current = new AbortController()
      await node.lead(current.signal).catch(() => undefined)
      await sleep(node.clock, 100)
    }
  }
  void work()
  return () => current.abort()
}

test('what the store keeps of the time can be read back', async () => {
  const { nodes: roomNodes, clock } = createRoom(1)
  const node = createClockNode(must(roomNodes[0], 'node'), roomNodes)
  void node.lead()
  await clock.advance(0)
  expect((await readBeacon(node.store)).beacon?.timeMs).toBe(clock.wallMs())
})
