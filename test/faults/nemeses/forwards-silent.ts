import { hurtLinks } from '../link-harm.ts'
import type { Nemesis } from './nemesis.ts'

const directions = ['to-server', 'to-client', 'both'] as const

/** The ways from other nodes to one are silent, one way or both; by the seed the bytes come late or never. */
export const forwardsSilentNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['forwarded'],
  strike(run) {
    const direction = directions[Math.floor(run.entropy.random() * directions.length)] ?? 'both'
    const held = run.entropy.random() < 0.5 ? 'delivered' : 'dropped'
    const kind = direction === 'both' ? 'black-hole' : 'half-open'
    return hurtLinks(run, {
      ...{ kind, which: 'from other nodes' },
      hurt: (links) => links.silence(direction, held),
    })
  },
}
