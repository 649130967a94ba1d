import { anyNode, between } from '../aim.ts'
import { freezeNode } from '../freeze.ts'
import type { Nemesis } from './nemesis.ts'

/** SIGSTOP of any node for 0.5 to 3 session timeouts. */
export const freezeNodeNemesis: Nemesis = {
  touches: 'node',
  mustSee: ['freezes'],
  strike: (run) => freezeNode(run, anyNode(run), between(run, 0.5, 3)),
}
