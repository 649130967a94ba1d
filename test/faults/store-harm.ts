import { between } from './aim.ts'
import { killStoreMember, noteFault, restartStoreMember, untilBiddingGoesOn } from './harm.ts'
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
