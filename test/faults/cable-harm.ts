import type { FaultKind } from '../checker/history.ts'
import { anyRole, between } from './aim.ts'
import { noteFault, noteRecovery } from './harm.ts'
import type { Cable } from './namespaces.ts'
import { isReady } from './node-process.ts'
import type { Run } from './run.ts'
import { pause } from './wait.ts'

const shortestMs = 3_000
const longestMs = 8_000

/** Hurts one node's cable for 3 to 8 s, then mends it and waits until the node serves. */
export async function hurtCable(
  run: Run,
  kind: FaultKind,
  hurt: (cable: Cable) => void,
  /** Goes on while it lasts, after pauses that the round draws. */
  again?: { pauseMs: () => number; hurt: (cable: Cable) => void },
): Promise<void> {
  const { node, role } = await anyRole(run)
  const target = node.nodeId
  const cable = run.cluster.cable(target)
  const atMs = run.recorder.now()
  const endMs = atMs + between(run, shortestMs, longestMs)
  let healedMs: number
  try {
    hurt(cable)
    await noteFault(run, { atMs, kind, role, target })
    while (again !== undefined && run.recorder.now() < endMs) {
      await pause(again.pauseMs())
      again.hurt(cable)
    }
    await pause(endMs - run.recorder.now())
  } finally {
    healedMs = run.recorder.now()
    cable.mend()
    run.victims.release(target)
  }
  await noteFault(run, { atMs: healedMs, kind: 'heal', role, target })
  await noteRecovery(run, target, 'ready again', healedMs, () => isReady(node.url), 50)
  run.load.comeHome(target)
}
