import { hurtCable } from '../cable-harm.ts'
import { lacksNamespaces } from '../namespaces.ts'
import type { Nemesis } from './nemesis.ts'

/** The cable between one node's network namespace and everything else is pulled: real packets, really lost. */
export const partitionNemesis: Nemesis = {
  touches: 'node',
  network: 'nodes',
  missing: lacksNamespaces,
  strike(run) {
    const isOneWay = run.entropy.random() < 1 / 3
    return hurtCable(run, 'partition', (cable) => (isOneWay ? cable.loseOutgoing() : cable.pull()))
  },
}
