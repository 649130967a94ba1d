import { hurtLinks } from '../link-harm.ts'
import type { Links } from '../links.ts'
import type { Nemesis } from './nemesis.ts'

const everyMs = 600
const drop = (links: Links) => links.dropNextReply()

/** Again and again bids that others forward to one node reach it, and its answer does not come back. */
export const forwardsUnansweredNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['forwarded'],
  strike: (run) =>
    hurtLinks(run, {
      ...{ kind: 'drop-reply', which: 'from other nodes' },
      ...{ hurt: drop, again: { everyMs, hurt: drop } },
    }),
}
