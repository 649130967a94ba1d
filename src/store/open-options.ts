import type { Clock } from '../lib/clock.ts'
import type { Entropy } from '../lib/entropy.ts'
import type { Log } from '../lib/log.ts'
import type { Metrics } from '../lib/metrics.ts'
import type { PermanentRoots } from './key.ts'

/** What every backend's `openXStore(options)` takes besides its own address. */
export interface OpenOptions {
  clock: Clock
  entropy: Entropy
  log: Log
  metrics: Metrics
  permanentRoots: PermanentRoots
  /** Silence of the store for a third of this suspends; for the whole of it loses the session. */
  sessionTimeoutMs: number
}
