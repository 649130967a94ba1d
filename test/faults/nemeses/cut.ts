import { hurtLinks } from '../link-harm.ts'
import type { Nemesis } from './nemesis.ts'

/** One node's connections to the store are reset, and new ones too. */
export const cutNemesis: Nemesis = {
  touches: 'node',
  strike: (run) => hurtLinks(run, { kind: 'cut', hurt: (links) => links.cut() }),
}
