import type { FaultKind } from '../checker/history.ts'
import { anyRole, between } from './aim.ts'
import { noteFault, noteRecovery } from './harm.ts'
import type { Links } from './links.ts'
import { isReady } from './node-process.ts'
import type { Run } from './run.ts'
import { pause } from './wait.ts'

const shortestMs = 3_000
const longestMs = 8_000

/** Hurts one node's ways to the store for 3 to 8 s, then heals them and waits until it serves. */
export async function hurtLinks(
  run: Run,
  kind: FaultKind,
  hurt: (links: Links) => Promise<void>,
  /** Goes on while it lasts. */
  again?: { everyMs: number; hurt: (links: Links) => Promise<void> },
): Promise<void> {
  const { node, role } = await anyRole(run)
  const target = node.nodeId
  const links = run.cluster.links(target)
  const lastsMs = between(run, shortestMs, longestMs)
  const atMs = run.recorder.now()
  let healedMs: number
  try {
    await hurt(links)
    await noteFault(run, { atMs, kind, role, target })
    while (again !== undefined && run.recorder.now() < atMs + lastsMs) {
      await pause(again.everyMs * (0.5 + run.entropy.random()))
      await again.hurt(links)
    }
    await pause(atMs + lastsMs - run.recorder.now())
  } finally {
    healedMs = run.recorder.now()
    await links.heal()
    run.victims.release(target)
  }
  await noteFault(run, { atMs: healedMs, kind: 'heal', role, target })
  await noteRecovery(run, target, 'ready again', healedMs, () => isReady(node.url), 50)
  run.load.comeHome(target)
}
