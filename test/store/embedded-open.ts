import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { type EmbeddedStore, openEmbeddedStore } from '../../src/store/embedded/embedded-store.ts'
import type { OpenOptions } from '../../src/store/open-options.ts'

/** The embedded store as tests and their child processes open it. */
export function openEmbedded(
  folder: string,
  options: Partial<OpenOptions> = {},
): Promise<EmbeddedStore> {
  return openEmbeddedStore({
    clock: systemClock,
    entropy: systemEntropy,
    log: silentLog,
    metrics: silentMetrics,
    permanentRoots: ['perm'],
    sessionTimeoutMs: 3_000,
    ...options,
    folder,
  })
}
