import { noteFault, restart } from '../harm.ts'
import type { Nemesis } from './nemesis.ts'

/** Every node in turn leaves in order and starts again, as in a rolling upgrade. */
export const sigtermRollNemesis: Nemesis = {
  touches: 'every-node',
  async strike(run) {
    for (const node of run.cluster.nodes) {
      const atMs = run.recorder.now()
      run.victims.claim(node.nodeId)
      try {
        await node.terminate()
        await noteFault(run, { atMs, kind: 'terminate', role: 'node', target: node.nodeId })
      } finally {
        await restart(run, node)
      }
    }
  },
}
