import { between } from './aim.ts'
import {
  isBidTakenAbove,
  killStoreMember,
  noteFault,
  noteRecovery,
  restartStoreMember,
  untilBiddingGoesOn,
} from './harm.ts'
import type { Run } from './run.ts'
import { pause } from './wait.ts'

/** One store server at a time: the quorum stays. */

export async function killAndRestartMember(run: Run, role: 'leader' | 'follower'): Promise<void> {
  const member = await killStoreMember(run, role)
  try {
    const { seq } = await run.eyes.head(run.sale.hot.id)
    await untilBiddingGoesOn(run, seq)
    await pause(between(run, 1_000, 4_000))
  } finally {
    await restartStoreMember(run, member)
  }
}

/** SIGSTOP for 0.5 to 3 session timeouts: the kernel still accepts connections for it. */
export async function freezeMember(run: Run, role: 'leader' | 'follower'): Promise<void> {
  const member = await run.cluster.storeMember(role)
  const target = `store-${member.id}`
  const lastsMs = between(run, 0.5, 3) * run.options.sessionTimeoutMs
  const { seq: hotSeq } = await run.eyes.head(run.sale.hot.id)
  const atMs = run.recorder.now()
  let thawedMs: number
  try {
    member.pause()
    run.recorder.add({ t: 'fault', atMs, kind: 'freeze', role: `store-${role}`, target, hotSeq })
    run.say(`freeze ${target} (store-${role}) for ${Math.round(lastsMs)} ms`)
    await pause(atMs + lastsMs - run.recorder.now())
  } finally {
    thawedMs = run.recorder.now()
    member.resume()
  }
  await noteFault(run, { atMs: thawedMs, kind: 'thaw', role: `store-${role}`, target })
}

/**
 * Cut off from the other servers for 1 to 2.5 session timeouts, not from the nodes: of a leader, a minority that goes on
 * answering them. One in three times only what it sends is lost. Bidding has to go on meanwhile.
 */
export async function isolateMember(run: Run, role: 'leader' | 'follower'): Promise<void> {
  const network = run.cluster.storeNetwork()
  const member = await run.cluster.storeMember(role)
  const target = `store-${member.id}`
  const isOneWay = run.entropy.random() < 1 / 3
  const lastsMs = between(run, 1, 2.5) * run.options.sessionTimeoutMs
  const { seq: hotSeq } = await run.eyes.head(run.sale.hot.id)
  const atMs = run.recorder.now()
  let healedMs: number
  try {
    if (isOneWay) network.mute(member.id)
    else network.isolate(member.id)
    run.recorder.add({ t: 'fault', atMs, kind: 'partition', role: `store-${role}`, target, hotSeq })
    const how = isOneWay ? 'mute to' : 'cut off from'
    run.say(`${target} (store-${role}) is ${how} the others for ${Math.round(lastsMs)} ms`)
    // Read fresh, hence by a majority: what is taken above it was decided without the one that was cut off.
    const { seq } = await run.eyes.head(run.sale.hot.id)
    const isTaken = isBidTakenAbove(run, seq)
    await noteRecovery(run, 'the cluster', 'bidding goes on', atMs, isTaken, 20)
    await pause(atMs + lastsMs - run.recorder.now())
  } finally {
    healedMs = run.recorder.now()
    network.mend()
  }
  await noteFault(run, { atMs: healedMs, kind: 'heal', role: `store-${role}`, target })
}
