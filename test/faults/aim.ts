import { must } from '../../src/lib/assert.ts'
import type { FaultRole } from '../checker/history.ts'
import { leaderNode } from './harm.ts'
import type { NodeProcess } from './node-process.ts'
import type { Run } from './run.ts'

export interface Target {
  readonly node: NodeProcess
  readonly role: FaultRole
}

/** A running node that nobody else works on, by the seed. Claims it. */
export function anyNode(run: Run): NodeProcess {
  const free = run.cluster.upNodes().filter(({ nodeId }) => run.victims.isFree(nodeId))
  const node = must(free[Math.floor(run.entropy.random() * free.length)], 'a free node')
  run.victims.claim(node.nodeId)
  return node
}

/** By the seed any node, the leader, or who held the hot auction's lock a moment ago. Claims it. */
export async function anyRole(run: Run): Promise<Target> {
  const dice = run.entropy.random()
  if (dice < 1 / 3) {
    const { node } = await leaderNode(run)
    if (run.victims.claim(node.nodeId)) return { node, role: 'leader' }
  }
  if (dice > 2 / 3) {
    const [holder] = await run.eyes.lockQueue(run.sale.hot.id)
    const node = holder === undefined ? undefined : run.cluster.node(holder.nodeId)
    if (node?.isUp === true && run.victims.claim(node.nodeId)) return { node, role: 'holder' }
  }
  return { node: anyNode(run), role: 'node' }
}

/** By the seed. */
export function between(run: Run, min: number, max: number): number {
  return min + (max - min) * run.entropy.random()
}
