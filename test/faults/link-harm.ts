import type { FaultKind } from '../checker/history.ts'
import { anyRole, between } from './aim.ts'
import { noteFault, noteRecovery } from './harm.ts'
import type { Links } from './links.ts'
import { isReady } from './node-process.ts'
import type { Run } from './run.ts'
import { pause } from './wait.ts'

const shortestMs = 3_000
const longestMs = 8_000

interface Harm {
  readonly kind: FaultKind
  /** To the store without. */
  readonly which?: 'from other nodes'
  readonly hurt: (links: Links) => Promise<void>
  /** Goes on while it lasts. */
  readonly again?: { readonly everyMs: number; readonly hurt: (links: Links) => Promise<void> }
}

/** Hurts one node's ways for 3 to 8 s, then heals them and waits until it serves. */
export async function hurtLinks(run: Run, harm: Harm): Promise<void> {
  const { kind, which, hurt, again } = harm
  const { node, role } = await anyRole(run)
  const target = node.nodeId
  const links = which === undefined ? run.cluster.links(target) : run.cluster.nodeLinks(target)
  const detail = which === undefined ? {} : { detail: which }
  const lastsMs = between(run, shortestMs, longestMs)
  const atMs = run.recorder.now()
  let healedMs: number
  try {
    await hurt(links)
    await noteFault(run, { atMs, kind, role, target, ...detail })
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
