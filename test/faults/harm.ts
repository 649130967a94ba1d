import type { EnsembleMember } from '../../src/ensemble/ensemble.ts'
import type { QueuePlace } from './eyes.ts'
import type { FaultKind, FaultRole, RecoveryKind } from '../checker/history.ts'
import type { NodeProcess } from './node-process.ts'
import type { Run } from './run.ts'
import { timeUntil } from './wait.ts'

/** Signals to processes, each noted with what the hot auction had come to. */

const catchWithinMs = 30_000
const recoverWithinMs = 40_000
/** Each takes as long as the node itself is patient. */
const startTriesMax = 8

/** Stops the node that holds the hot auction's lock, and proves that it still held it then. Claims it (victims.ts). */
export async function stopHolder(
  run: Run,
): Promise<{ node: NodeProcess; place: QueuePlace; atMs: number }> {
  const { eyes, cluster, sale, recorder, victims } = run
  let caught: { node: NodeProcess; place: QueuePlace; atMs: number } | undefined
  const isCaught = async () => {
    const [holder] = await eyes.lockQueue(sale.hot.id)
    if (holder === undefined) return false
    const node = cluster.node(holder.nodeId)
    if (!node.isUp || !victims.claim(node.nodeId)) return false
    const atMs = recorder.now()
    node.freeze()
    try {
      const [still] = await eyes.lockQueue(sale.hot.id)
      if (still?.revision === holder.revision) caught = { node, place: holder, atMs }
    } finally {
      if (caught === undefined) {
        node.thaw()
        victims.release(node.nodeId)
      }
    }
    return caught !== undefined
  }
  await timeUntil(isCaught, { withinMs: catchWithinMs, everyMs: 5 })
  if (caught === undefined) throw new Error('nobody could be caught holding the lock')
  return caught
}

/** Kill -9 of whoever holds the lock: stopped for the moment it takes to be sure that it still does. Claims it. */
export async function killHolder(run: Run): Promise<NodeProcess> {
  const { node, place, atMs } = await stopHolder(run)
  await node.kill()
  await noteFault(run, { atMs, kind: 'kill', role: 'holder', target: node.nodeId })
  await untilRevoked(run, node, place, atMs)
  return node
}

export async function killNode(run: Run, node: NodeProcess, role: FaultRole): Promise<void> {
  const atMs = run.recorder.now()
  await node.kill()
  await noteFault(run, { atMs, kind: 'kill', role, target: node.nodeId })
}

/** The lock is free for others once the key of the node that cannot move is gone. */
export async function untilRevoked(
  run: Run,
  node: NodeProcess,
  { revision }: QueuePlace,
  sinceMs: number,
): Promise<void> {
  const isGone = async () => {
    const queue = await run.eyes.lockQueue(run.sale.hot.id)
    return queue.every((place) => place.revision !== revision)
  }
  await noteRecovery(run, node.nodeId, 'lock taken away', sinceMs, isGone, 20)
}

/** A leader that runs and that nobody else works on. */
export async function leaderNode(run: Run): Promise<{ node: NodeProcess; term: bigint }> {
  let found: { node: NodeProcess; term: bigint } | undefined
  await timeUntil(
    async () => {
      const leader = await run.eyes.leader()
      if (leader === undefined) return false
      const node = run.cluster.node(leader.nodeId)
      found = { node, term: leader.revision }
      return node.isUp && run.victims.isFree(node.nodeId)
    },
    { withinMs: recoverWithinMs },
  )
  if (found?.node.isUp !== true) throw new Error('nobody leads')
  return found
}

/** A leader that gives signs of life, of a later term. */
export async function untilNewLeader(
  run: Run,
  old: { node: NodeProcess; term: bigint },
  sinceMs: number,
) {
  const isThere = async () => ((await run.eyes.beacon())?.term ?? 0n) > old.term
  await noteRecovery(run, old.node.nodeId, 'new leader', sinceMs, isThere, 50)
}

/** And releases the claim on it, once it runs: until then nobody else may kill it. */
export async function restart(
  run: Run,
  node: NodeProcess,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  if (!run.options.restart) {
    run.victims.release(node.nodeId)
    return
  }
  run.say(`${node.nodeId} starts again`)
  const atMs = run.recorder.now()
  await startAgain(node, env).finally(() => run.victims.release(node.nodeId))
  await noteFault(run, { atMs, kind: 'restart', role: 'node', target: node.nodeId })
  run.load.comeHome(node.nodeId)
}

/** A node gives up where the store lets nobody in; whoever runs it starts it again. @throws when the last try fails */
async function startAgain(node: NodeProcess, env: Readonly<Record<string, string>>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await node.start(env)
      return
    } catch (error) {
      if (tries >= startTriesMax) throw error
    }
  }
}

export async function killStoreMember(
  run: Run,
  role: 'leader' | 'follower',
): Promise<EnsembleMember> {
  const member = await run.cluster.storeMember(role)
  const { seq: hotSeq } = await run.eyes.head(run.sale.hot.id)
  const atMs = run.recorder.now()
  await member.kill()
  const target = `store-${member.id}`
  run.recorder.add({ t: 'fault', atMs, kind: 'kill', role: `store-${role}`, target, hotSeq })
  run.say(`kill ${target} (store-${role})`)
  return member
}

export async function restartStoreMember(run: Run, member: EnsembleMember): Promise<void> {
  const atMs = run.recorder.now()
  await member.restart()
  const fault = { atMs, kind: 'restart', role: 'store', target: `store-${member.id}` } as const
  await noteFault(run, fault)
}

/** Bids above `seq` are acknowledged; without it, above what was there at the newest fault. */
export async function untilBiddingGoesOn(run: Run, seq?: number): Promise<boolean> {
  const { lines } = run.recorder
  const fault = lines.findLast((line) => line.t === 'fault')
  const at = fault === undefined ? 0 : lines.lastIndexOf(fault)
  const isThere = isBidTakenAbove(run, seq ?? fault?.hotSeq ?? 0, at)
  return (await timeUntil(isThere, { withinMs: recoverWithinMs })) !== undefined
}

/** Whether a bid on the hot auction was acknowledged above `seq`, by the lines from a place on. */
export function isBidTakenAbove(
  { recorder: { lines }, sale }: Run,
  seq: number,
  fromLine = lines.length,
): () => Promise<boolean> {
  let at = fromLine
  return async () => {
    for (; at < lines.length; at++) {
      const line = lines[at]
      if (line?.t !== 'answer' || line.outcome !== 'accepted') continue
      if (line.auctionId === sale.hot.id && (line.seq ?? 0) > seq) return true
    }
    return false
  }
}

export async function noteRecovery(
  { recorder, say }: Run,
  target: string,
  what: RecoveryKind,
  sinceMs: number,
  condition: () => Promise<boolean>,
  everyMs: number,
): Promise<void> {
  const held = await timeUntil(condition, { withinMs: recoverWithinMs, everyMs })
  const atMs = recorder.now()
  const tookMs = held === undefined ? undefined : atMs - sinceMs
  recorder.add({ t: 'recovery', atMs, target, what, tookMs })
  say(`${target}: ${what} ${tookMs === undefined ? 'never' : `after ${Math.round(tookMs)} ms`}`)
}

export async function noteFault(
  run: Run,
  fault: {
    atMs: number
    kind: FaultKind
    role: FaultRole
    target: string
    detail?: string
  },
): Promise<number> {
  const { seq: hotSeq } = await run.eyes.head(run.sale.hot.id)
  run.recorder.add({ t: 'fault', ...fault, hotSeq })
  const ways = fault.detail === undefined ? '' : `, ${fault.detail}`
  run.say(`${fault.kind} ${fault.target} (${fault.role}${ways}) at seq ${hotSeq}`)
  return hotSeq
}
