import type { History } from './history-keeper.ts'
import type { Network } from './network.ts'
import type { People } from './people.ts'
import type { Plan } from './plan.ts'
import type { SimCluster } from './sim-cluster.ts'
import type { SimStore } from './sim-store.ts'
import type { SimTime } from './sim-time.ts'
import type { Witness } from './witness.ts'

/** All of one simulated world. */
export interface World {
  readonly plan: Plan
  readonly time: SimTime
  readonly store: SimStore
  readonly network: Network
  readonly cluster: SimCluster
  readonly people: People
  readonly history: History
  readonly witness: Witness
}
