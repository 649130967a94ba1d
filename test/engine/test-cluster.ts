import {
  createEngine,
  type EngineDeps,
  type RunningEngine,
} from '../../src/engine/create-engine.ts'
import type { FeedBatch, FeedEncoder, NewAuction, Viewer } from '../../src/engine/engine.ts'
import { permanentRoots } from '../../src/engine/keyspace.ts'
import type { Person } from '../../src/auction/person.ts'
import { seededEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createMemoryWorld, type MemoryWorld } from '../../src/store/memory/world.ts'
import type { Store } from '../../src/store/store.ts'
import { createManualClock, type ManualClock } from '../support/manual-clock.ts'

export interface TestNode {
  nodeId: string
  engine: RunningEngine
  store: Store
}

/** Nodes of one cluster in this process, on one memory store and one clock that the test moves. */
export interface TestCluster {
  clock: ManualClock
  world: MemoryWorld
  addNode(over?: Partial<EngineDeps>): Promise<TestNode>
  nodes: TestNode[]
  stop(): Promise<void>
}

/** Frames as JSON of what the feed gave: enough to read them back in a test. */
export const plainEncoder: FeedEncoder = {
  events: ({ record, ...batch }: FeedBatch) =>
    JSON.stringify({ type: 'events', ...batch, phase: record.auction.phase }),
  snapshot: (record, recent) => JSON.stringify({ type: 'snapshot', record, recent }),
  presence: (auctionId, watchers) => JSON.stringify({ type: 'presence', auctionId, watchers }),
}

export function createTestCluster(): TestCluster {
  const clock = createManualClock()
  const world = createMemoryWorld({ clock })
  const nodes: TestNode[] = []
  return {
    clock,
    world,
    nodes,
    async addNode(over = {}) {
      const nodeId = `n${nodes.length + 1}`
      const base = { clock, entropy: seededEntropy(nodes.length + 1), log: silentLog }
      const { sessionTimeoutMs = 6_000 } = over
      const timing = { sessionTimeoutMs, closeGraceMs: 250, lockPatienceMs: 1_000 }
      const metrics = silentMetrics
      const store = openMemoryStore({ ...base, ...timing, metrics, permanentRoots, world })
      const engine = createEngine({
        ...base,
        ...timing,
        metrics,
        store,
        nodeId,
        generation: 0,
        encoder: plainEncoder,
        presence: () => ({ url: `http://${nodeId}`, pid: 1, version: '0' }),
        ...over,
      })
      const node = { nodeId, engine, store }
      nodes.push(node)
      const started = engine.start()
      await clock.advance(1_000)
      await started
      await clock.advance(3_000)
      return node
    },
    async stop() {
      const stopping = nodes.map(({ engine }) => engine.stop())
      await clock.advance(10_000)
      await Promise.all(stopping)
    },
  }
}

/** A leader and two others, started one after the other. */
export async function startThreeNodes(): Promise<TestCluster> {
  const cluster = createTestCluster()
  for (let n = 0; n < 3; n++) await cluster.addNode()
  return cluster
}

export const seller: Person = { id: 'seller', name: 'Selma' }
export const ada: Person = { id: 'ada', name: 'Ada' }
export const ben: Person = { id: 'ben', name: 'Ben' }

export function newAuction(over: Partial<NewAuction> = {}): NewAuction {
  return {
    seller,
    title: 'A kettle',
    description: 'It whistles.',
    currency: 'USD',
    startPriceMinor: 100_00,
    increments: [{ fromMinor: 0, stepMinor: 1_00 }],
    durationMs: 60_000,
    softClose: null,
    mayRaiseOwnBid: true,
    ...over,
  }
}

/** A viewer that keeps its frames. */
export function createRecorder(): Viewer & { frames: Record<string, unknown>[]; buffered: number } {
  const frames: Record<string, unknown>[] = []
  return {
    frames,
    buffered: 0,
    bufferedBytes() {
      return this.buffered
    },
    isGone: () => false,
    send: (frame) => frames.push(JSON.parse(frame) as Record<string, unknown>),
    tooSlow: () => frames.push({ type: 'too-slow' }),
  }
}
