import { hurtLinks } from '../link-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** Nothing passes between a node and the store, and nobody is told; by the seed the bytes come late or never. */
export const blackHoleNemesis: Nemesis = {
  touches: 'node',
  strike(run) {
    const held = run.entropy.random() < 0.5 ? 'delivered' : 'dropped'
    return hurtLinks(run, { kind: 'black-hole', hurt: (links) => links.silence('both', held) })
  },
}
