import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openMemoryStore } from '../../src/store/memory/memory-store.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import { describeStore } from './conformance/describe-store.ts'

describeStore('memory', { sessionTimeoutMs: 600, lacks: {} }, async () => {
  const world = createMemoryWorld({ clock: systemClock })
  return {
    open: async (options) =>
      openMemoryStore({
        clock: systemClock,
        entropy: systemEntropy,
        log: silentLog,
        metrics: silentMetrics,
        permanentRoots: ['perm'],
        sessionTimeoutMs: options?.sessionTimeoutMs ?? 600,
        world,
      }),
    expire: (store) => world.expire(store.session),
    silence: (store) => world.silence(store.session),
    heal: (store) => world.heal(store.session),
    dropNextReply: (store) => world.dropReply(store.session),
    close: async () => undefined,
  }
})
