import { hurtLinks } from '../link-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** One direction of a node's connections to the store is silent; by the seed its bytes come late or never. */
export const halfOpenNemesis: Nemesis = {
  touches: 'node',
  strike(run) {
    const direction = run.entropy.random() < 0.5 ? 'to-server' : 'to-client'
    const held = run.entropy.random() < 0.5 ? 'delivered' : 'dropped'
    return hurtLinks(run, { kind: 'half-open', hurt: (links) => links.silence(direction, held) })
  },
}
