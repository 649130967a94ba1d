import { createEngine, type RunningEngine } from '../../src/engine/create-engine.ts'
import type { FeedEncoder } from '../../src/engine/engine.ts'
import type { Person } from '../../src/auction/person.ts'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import type { Store } from '../../src/store/store.ts'
import { eventually } from '../support/eventually.ts'

const noFrames: FeedEncoder = { events: () => '', snapshot: () => '', presence: () => '' }
export const seller: Person = { id: 'seller', name: 'Selma' }

/** A node without its gateway, in this process; resolves when it is ready. */
export async function startEngine(store: Store, nodeId: string): Promise<RunningEngine> {
  const engine = createEngine({
    store,
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
    metrics: silentMetrics,
    encoder: noFrames,
    nodeId,
    generation: 0,
    sessionTimeoutMs: 6_000,
    closeGraceMs: 250,
    lockPatienceMs: 1_000,
    presence: () => ({ url: 'http://127.0.0.1', pid: process.pid, version: '0' }),
  })
  await engine.start()
  await eventually(() => engine.isReady, { what: 'the engine is ready' })
  return engine
}

/** On which everybody may raise his own bid. */
export async function createAuction(engine: RunningEngine): Promise<string> {
  const created = await engine.catalogue.create({
    seller,
    title: 'Growth',
    description: '',
    currency: 'USD',
    startPriceMinor: 100_00,
    increments: [{ fromMinor: 0, stepMinor: 100 }],
    durationMs: 86_400_000,
    softClose: null,
    mayRaiseOwnBid: true,
  })
  if (!created.ok) throw new Error(created.code)
  return created.record.id
}
