import { hurtCable } from '../cable-harm.ts'
import { lacksQueue } from '../namespaces.ts'
import type { Nemesis } from './nemesis.ts'

/** 40 KB a second each way; of what waits longer than for 8 KB, packets are dropped. */
const queue = 'tbf rate 320kbit burst 2kb limit 8kb'

/** Everything that one node sends and receives goes through a line that is too thin for it. */
export const thinCableNemesis: Nemesis = {
  touches: 'node',
  network: 'nodes',
  missing: () => lacksQueue(queue),
  strike: (run) => hurtCable(run, 'thin-cable', (cable) => cable.shape(queue)),
}
