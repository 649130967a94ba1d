import { between } from '../aim.ts'
import { hurtLinks } from '../link-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** Everything between one node and the store takes 20 to 400 ms longer, each way. */
export const latencyNemesis: Nemesis = {
  touches: 'node',
  strike(run) {
    const ms = Math.round(between(run, 20, 400))
    return hurtLinks(run, { kind: 'delay', hurt: (links) => links.delay(ms) })
  },
}
