import { hurtLinks } from '../link-harm.ts'
import type { Links } from '../links.ts'
import type { Nemesis } from './nemesis.ts'

const everyMs = 600
const drop = (links: Links) => links.dropNextReply()

/** Again and again a request of one node reaches the store, and its reply does not come back. */
export const dropReplyNemesis: Nemesis = {
  touches: 'node',
  strike: (run) =>
    hurtLinks(run, { kind: 'drop-reply', hurt: drop, again: { everyMs, hurt: drop } }),
}
