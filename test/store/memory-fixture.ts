import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import type { MemoryWorld } from '../../src/store/memory/world.ts'
import type { StoreFixture, StoreManifest } from './conformance/fixture.ts'

export const memoryManifest: StoreManifest = { sessionTimeoutMs: 900, lacks: {} }

/** Clients of one world, on the machine's clock. */
export function fixtureOn(world: MemoryWorld): StoreFixture {
  return {
    open: async (options) =>
      openMemoryStore({
        clock: systemClock,
        entropy: systemEntropy,
        log: silentLog,
        metrics: silentMetrics,
        permanentRoots: ['perm'],
        sessionTimeoutMs: options?.sessionTimeoutMs ?? memoryManifest.sessionTimeoutMs,
        world,
      }),
    expire: (store) => world.expire(store.session),
    silence: (store) => world.silence(store.session),
    heal: (store) => world.heal(store.session),
    dropNextReply: (store) => world.dropReply(store.session),
    close: async () => undefined,
  }
}
