import { anyRole, between } from '../aim.ts'
import { noteFault, noteRecovery } from '../harm.ts'
import { isReady } from '../node-process.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

/** A node stands still for 0.1 to 1.5 s, again and again, as one whose event loop is blocked or that gets no processor. */
export const stutterNemesis: Nemesis = {
  touches: 'node',
  async strike(run) {
    const { node, role } = await anyRole(run)
    const target = node.nodeId
    const atMs = run.recorder.now()
    const endMs = atMs + between(run, 3_000, 8_000)
    await noteFault(run, { atMs, kind: 'stutter', role, target })
    let healedMs: number
    try {
      while (run.recorder.now() < endMs) {
        node.freeze()
        await pause(between(run, 100, 1_500))
        node.thaw()
        await pause(between(run, 50, 500))
      }
    } finally {
      healedMs = run.recorder.now()
      node.thaw()
      run.victims.release(target)
    }
    await noteFault(run, { atMs: healedMs, kind: 'heal', role, target })
    await noteRecovery(run, target, 'ready again', healedMs, () => isReady(node.url), 50)
    run.load.comeHome(target)
  },
}
