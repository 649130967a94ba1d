import {
  leaderNode,
  noteFault,
  noteRecovery,
  stopHolder,
  untilNewLeader,
  untilRevoked,
} from '../harm.ts'
import { isReady, type NodeProcess } from '../node-process.ts'
import type { Run } from '../run.ts'
import { pause } from '../wait.ts'
import { always, type Scenario } from './scenario.ts'

const sessionTimeouts = 3
/** It loses its lock and wakes with its session whole: nothing but the guard of its commit is in its way. */
const shortSleep = 0.5

/** SIGSTOP of a lock holder, briefly; of a lock holder and of the leader for three session timeouts; then SIGCONT. */
export const freezeScenario: Scenario = {
  rounds: 1,
  spanMs: ({ rounds, sessionTimeoutMs }) =>
    rounds * ((2 * sessionTimeouts + shortSleep) * sessionTimeoutMs + 16_000),
  async play(run, rounds) {
    for (let round = 1; round <= rounds; round++) {
      await freezeHolder(run, shortSleep)
      await freezeHolder(run, sessionTimeouts)
      await freezeLeader(run)
    }
  },
  mustSee: [...always, 'freezes', 'revocations', 'newLeaders', 'batchesWhileFrozen'],
  bounds: [
    { what: 'lock taken away', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs },
    { what: 'new leader', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs * 1.5 + 2_000 },
    { what: 'ready again', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 4_000 },
    { what: 'takes bids again', maxMs: ({ sessionTimeoutMs }) => sessionTimeoutMs + 8_000 },
  ],
}

async function freezeHolder(run: Run, timeouts: number): Promise<void> {
  const { node, place, atMs } = await stopHolder(run)
  await noteFault(run, { atMs, kind: 'freeze', role: 'holder', target: node.nodeId })
  await untilRevoked(run, node, place, atMs)
  const auctionId = run.sale.hot.id
  const { slot: deposedSlot } = await run.eyes.head(auctionId)
  await pause(atMs + timeouts * run.options.sessionTimeoutMs - run.recorder.now())
  const { slot: thawSlot } = await run.eyes.head(auctionId)
  await thaw(run, node, 'holder')
  run.recorder.add({ t: 'frozen', node: node.nodeId, auctionId, deposedSlot, thawSlot })
}

async function freezeLeader(run: Run): Promise<void> {
  const leader = await leaderNode(run)
  const atMs = run.recorder.now()
  leader.node.freeze()
  await noteFault(run, { atMs, kind: 'freeze', role: 'leader', target: leader.node.nodeId })
  await untilNewLeader(run, leader, atMs)
  await pause(atMs + sessionTimeouts * run.options.sessionTimeoutMs - run.recorder.now())
  await thaw(run, leader.node, 'leader')
}

/** It comes back by itself: nobody restarts it. */
async function thaw(run: Run, node: NodeProcess, role: 'holder' | 'leader'): Promise<void> {
  const atMs = run.recorder.now()
  node.thaw()
  await noteFault(run, { atMs, kind: 'thaw', role, target: node.nodeId })
  const { nodeId: target, url } = node
  await noteRecovery(run, target, 'ready again', atMs, () => isReady(url), 50)
  const isTaken = () => run.prober.isBidAccepted(url, run.sale.hot.id)
  await noteRecovery(run, target, 'takes bids again', atMs, isTaken, 50)
  run.load.comeHome(target)
  await pause(2_000)
}
