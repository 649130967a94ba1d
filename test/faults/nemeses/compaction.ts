import { between } from '../aim.ts'
import { askEtcd } from '../etcd.ts'
import { noteFault } from '../harm.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const everyMs = 500

/** History is compacted away up to the newest revision, again and again. */
export const compactionNemesis: Nemesis = {
  touches: 'client',
  store: 'etcd',
  async strike(run) {
    const atMs = run.recorder.now()
    const endMs = atMs + between(run, 3_000, 6_000)
    await noteFault(run, { atMs, kind: 'compact', role: 'store', target: 'the store' })
    let count = 0
    while (run.recorder.now() < endMs) {
      // A server that is down or elects just now is asked again.
      const compact = async () => {
        const { header } = await askEtcd(run.cluster, 'kv/range', { key: 'AA==' })
        await askEtcd(run.cluster, 'kv/compaction', { revision: header?.revision, physical: true })
        count++
      }
      await compact().catch(() => undefined)
      await pause(everyMs)
    }
    run.say(`compacted ${count} times`)
    await noteFault(run, {
      atMs: run.recorder.now(),
      kind: 'heal',
      role: 'store',
      target: 'the store',
    })
  },
}
