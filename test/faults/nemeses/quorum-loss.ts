import { between } from '../aim.ts'
import { noteFault, noteRecovery, restartStoreMember } from '../harm.ts'
import { isReady } from '../node-process.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const endingCount = 3
const endsInMs = 4_000
const beforeEndMs = 1_000

/** Two of three store servers stop or die while auctions come to their end, for a session timeout and some seconds more. */
export const quorumLossNemesis: Nemesis = {
  touches: 'store',
  async strike(run) {
    const { cluster, sale, recorder, options, entropy } = run
    await sale.add(endingCount, { fromMs: endsInMs, toMs: endsInMs + 1_000 })
    await pause(endsInMs - beforeEndMs)
    const isKill = entropy.random() < 0.5
    const spared = Math.floor(entropy.random() * cluster.storeMembers.length)
    const victims = cluster.storeMembers.filter((_, index) => index !== spared)
    const lastsMs = options.sessionTimeoutMs + between(run, 1_000, 4_000)
    const { seq: hotSeq } = await run.eyes.head(sale.hot.id)
    const atMs = recorder.now()
    const target = victims.map(({ id }) => `store-${id}`).join('+')
    run.say(`${isKill ? 'kills' : 'stops'} ${target} for ${Math.round(lastsMs)} ms: no quorum`)
    let healedMs: number
    try {
      if (isKill) await Promise.all(victims.map((member) => member.kill()))
      else victims.forEach((member) => member.pause())
      recorder.add({ t: 'fault', atMs, kind: 'quorum-loss', role: 'store', target, hotSeq })
      await pause(lastsMs)
    } finally {
      healedMs = recorder.now()
      if (isKill) await Promise.all(victims.map((member) => restartStoreMember(run, member)))
      else victims.forEach((member) => member.resume())
    }
    await noteFault(run, { atMs: healedMs, kind: 'heal', role: 'store', target })
    const isServing = async () => {
      const ready = await Promise.all(cluster.upNodes().map(({ url }) => isReady(url)))
      return ready.every(Boolean)
    }
    await noteRecovery(run, 'all nodes', 'ready again', healedMs, isServing, 50)
  },
}
