import {
  leaderNode,
  noteFault,
  noteRecovery,
  stopHolder,
  untilNewLeader,
  untilRevoked,
} from './harm.ts'
import type { FaultRole } from '../checker/history.ts'
import { isReady, type NodeProcess } from './node-process.ts'
import type { Run } from './run.ts'
import { pause } from './wait.ts'

/** SIGSTOP for so many session timeouts, then SIGCONT. Every victim is woken, whatever happens meanwhile. */

/** From so many on its leadership has run out before it wakes, and another leads. */
const deposingTimeouts = 2

export async function freezeHolder(run: Run, timeouts: number): Promise<void> {
  const { node, place, atMs } = await stopHolder(run)
  const auctionId = run.sale.hot.id
  await whileFrozen(run, node, 'holder', async () => {
    await noteFault(run, { atMs, kind: 'freeze', role: 'holder', target: node.nodeId })
    await untilRevoked(run, node, place, atMs)
    const { slot: deposedSlot } = await run.eyes.head(auctionId)
    await pause(atMs + timeouts * run.options.sessionTimeoutMs - run.recorder.now())
    const { slot: thawSlot } = await run.eyes.head(auctionId)
    run.recorder.add({ t: 'frozen', node: node.nodeId, auctionId, deposedSlot, thawSlot })
  })
}

export async function freezeLeader(run: Run, timeouts: number): Promise<void> {
  const leader = await leaderNode(run)
  const { node } = leader
  run.victims.claim(node.nodeId)
  const atMs = run.recorder.now()
  node.freeze()
  await whileFrozen(run, node, 'leader', async () => {
    await noteFault(run, { atMs, kind: 'freeze', role: 'leader', target: node.nodeId })
    if (timeouts >= deposingTimeouts) await untilNewLeader(run, leader, atMs)
    await pause(atMs + timeouts * run.options.sessionTimeoutMs - run.recorder.now())
  })
}

export async function freezeNode(run: Run, node: NodeProcess, timeouts: number): Promise<void> {
  const atMs = run.recorder.now()
  node.freeze()
  await whileFrozen(run, node, 'node', async () => {
    await noteFault(run, { atMs, kind: 'freeze', role: 'node', target: node.nodeId })
    await pause(atMs + timeouts * run.options.sessionTimeoutMs - run.recorder.now())
  })
}

/** It comes back by itself: nobody restarts it. */
async function whileFrozen(
  run: Run,
  node: NodeProcess,
  role: FaultRole,
  work: () => Promise<void>,
): Promise<void> {
  const { nodeId: target, url } = node
  let thawedMs: number
  try {
    await work()
  } finally {
    thawedMs = run.recorder.now()
    node.thaw()
    run.victims.release(target)
  }
  await noteFault(run, { atMs: thawedMs, kind: 'thaw', role, target })
  await noteRecovery(run, target, 'ready again', thawedMs, () => isReady(url), 50)
  const isTaken = () => run.prober.isBidAccepted(url, run.sale.hot.id)
  await noteRecovery(run, target, 'takes bids again', thawedMs, isTaken, 50)
  run.load.comeHome(target)
}
