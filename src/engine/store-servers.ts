import { sleep, type Clock } from '../lib/clock.ts'
import type { Store } from '../store/store.ts'
import type { StoreServer, StoreSurvey } from '../store/survey.ts'
import type { EnsembleServer } from './engine.ts'

/** The servers of the store, asked anew only while somebody looks. */
export interface StoreServers {
  /** What is known: at most `freshForMs` and one survey old while looks follow each other. Waits only for the first survey. */
  look(): Promise<readonly EnsembleServer[]>
}

const freshForMs = 2_000
const firstWaitMs = 500

export function createStoreServers(deps: {
  store: Store
  clock: Clock
  survey: StoreSurvey
}): StoreServers {
  const { store, clock } = deps
  let known: readonly StoreServer[] | undefined
  let knownAtMs = -Infinity
  let asking: Promise<void> | undefined
  const ask = async () => {
    known = await deps.survey()
    knownAtMs = clock.monotonicMs()
    asking = undefined
  }
  return {
    async look() {
      if (clock.monotonicMs() - knownAtMs > freshForMs) asking ??= ask()
      if (known === undefined) await Promise.race([asking, sleep(clock, firstWaitMs)])
      const ours = store.health().servers
      return (known ?? []).map((one) => ({ ...one, isOurs: ours.includes(one.server) }))
    },
  }
}
