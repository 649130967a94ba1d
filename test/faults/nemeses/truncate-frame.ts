import { hurtLinks } from '../link-harm.ts'
import type { Links } from '../links.ts'
import type { Nemesis } from './nemesis.ts'

const everyMs = 600
const bytesMax = 40

/** Again and again a reply to one node breaks off in its middle. */
export const truncateFrameNemesis: Nemesis = {
  touches: 'node',
  strike(run) {
    const truncate = (links: Links) =>
      links.truncateNextReply(1 + Math.floor(run.entropy.random() * bytesMax))
    return hurtLinks(run, { kind: 'truncate', hurt: truncate, again: { everyMs, hurt: truncate } })
  },
}
