import { anyRole } from '../aim.ts'
import { noteFault, noteRecovery } from '../harm.ts'
import { isReady } from '../node-process.ts'
import { endSessionOf } from '../session-end.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const noticeMs = 1_000

/** The store ends a node's session at once, as if it had run out: all its ephemeral keys are gone while it lives. */
export const sessionKillNemesis: Nemesis = {
  touches: 'node',
  async strike(run) {
    const { node, role } = await anyRole(run)
    const target = node.nodeId
    const atMs = run.recorder.now()
    try {
      await endSessionOf(run.cluster, target)
      await noteFault(run, { atMs, kind: 'expire-session', role, target })
      await pause(noticeMs)
      await noteRecovery(run, target, 'ready again', atMs, () => isReady(node.url), 50)
      const isTaken = () => run.prober.isBidAccepted(node.url, run.sale.hot.id)
      await noteRecovery(run, target, 'takes bids again', atMs, isTaken, 50)
    } finally {
      run.victims.release(target)
    }
  },
}
