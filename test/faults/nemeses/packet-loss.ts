import { hurtCable } from '../cable-harm.ts'
import { lacksQueue } from '../namespaces.ts'
import type { Nemesis } from './nemesis.ts'

/** Each way: one packet in eight is lost, some come twice or too early, and all are late. */
const queue = 'netem loss 12% duplicate 2% delay 30ms 20ms reorder 10% 50%'

/** Packets between one node and everything else are lost, doubled and late at random. */
export const packetLossNemesis: Nemesis = {
  touches: 'node',
  network: 'nodes',
  missing: () => lacksQueue(queue),
  strike: (run) => hurtCable(run, 'packet-loss', (cable) => cable.shape(queue)),
}
