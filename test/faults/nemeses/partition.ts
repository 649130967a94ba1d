import { noteFault, noteRecovery } from '../harm.ts'
import { anyRole, between } from '../aim.ts'
import { lacksNamespaces } from '../namespaces.ts'
import { isReady } from '../node-process.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

/** The cable between one node's network namespace and everything else is pulled: real packets, really lost. */
export const partitionNemesis: Nemesis = {
  touches: 'node',
  missing: lacksNamespaces,
  async strike(run) {
    const { node, role } = await anyRole(run)
    const target = node.nodeId
    const cable = run.cluster.cable(target)
    const isOneWay = run.entropy.random() < 1 / 3
    const atMs = run.recorder.now()
    let healedMs: number
    try {
      if (isOneWay) cable.loseOutgoing()
      else cable.pull()
      await noteFault(run, { atMs, kind: 'partition', role, target })
      await pause(between(run, 3_000, 8_000))
    } finally {
      healedMs = run.recorder.now()
      cable.mend()
      run.victims.release(target)
    }
    await noteFault(run, { atMs: healedMs, kind: 'heal', role, target })
    await noteRecovery(run, target, 'ready again', healedMs, () => isReady(node.url), 50)
    run.load.comeHome(target)
  },
}
