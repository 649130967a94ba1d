import { between } from '../aim.ts'
import { noteFault, noteRecovery, restartStoreMember } from '../harm.ts'
import { isReady } from '../node-process.ts'
import { lacksDisks } from '../store-disk.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

/**
 * The disk of one store server is full, or of all: servers that cannot write end. With room again they are started on what
 * they left.
 */
export const diskFullNemesis: Nemesis = {
  touches: 'store',
  disks: true,
  missing: lacksDisks,
  async strike(run) {
    const { cluster, entropy, recorder } = run
    const chosen = Math.floor(entropy.random() * 2 * cluster.storeMembers.length)
    const only = cluster.storeMembers[chosen]
    const victims = only === undefined ? cluster.storeMembers : [only]
    const target = victims.map(({ id }) => `store-${id}`).join('+')
    const disks = victims.map(({ id }) => cluster.disk(id))
    const { seq: hotSeq } = await run.eyes.head(run.sale.hot.id)
    const atMs = recorder.now()
    let healedMs: number
    try {
      for (const disk of disks) disk.fill()
      recorder.add({ t: 'fault', atMs, kind: 'full', role: 'store', target, hotSeq })
      run.say(`the disk of ${target} is full`)
      await pause(between(run, 4_000, 8_000))
    } finally {
      for (const disk of disks) disk.makeRoom()
      healedMs = recorder.now()
      const ended = victims.filter(({ pid }) => pid === undefined)
      run.say(`${ended.length} of ${victims.length} servers had ended`)
      await Promise.all(ended.map((member) => restartStoreMember(run, member)))
    }
    await noteFault(run, { atMs: healedMs, kind: 'heal', role: 'store', target })
    const isServing = async () => {
      const ready = await Promise.all(cluster.upNodes().map(({ url }) => isReady(url)))
      return ready.every(Boolean)
    }
    await noteRecovery(run, 'all nodes', 'ready again', healedMs, isServing, 50)
  },
}
