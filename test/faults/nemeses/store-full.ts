import { between } from '../aim.ts'
import { askEtcd } from '../etcd.ts'
import { noteFault } from '../harm.ts'
import type { Run } from '../run.ts'
import { pause } from '../wait.ts'
import type { Nemesis } from './nemesis.ts'

const target = 'the store'

/** etcd's alarm of a full database: it reads and keeps leases alive, and refuses every write until the alarm is called off. */
export const storeFullNemesis: Nemesis = {
  touches: 'store',
  store: 'etcd',
  async strike(run) {
    const { recorder } = run
    const atMs = recorder.now()
    const callOff = await raiseAlarm(run)
    try {
      await noteFault(run, { atMs, kind: 'full', role: 'store', target })
      const endMs = recorder.now() + between(run, 3_000, 8_000)
      for (const { url, nodeId } of run.cluster.upNodes()) {
        const told = await run.prober.bidOnce(url, run.sale.hot.id).catch(() => undefined)
        run.say(`${nodeId} said to a bid meanwhile: ${told?.code ?? told?.outcome ?? 'nothing'}`)
      }
      await pause(endMs - recorder.now())
    } finally {
      await callOff()
    }
    await noteFault(run, { atMs: recorder.now(), kind: 'heal', role: 'store', target })
  },
}

/** Raises it in the name of one server. Resolves to how it is called off. */
async function raiseAlarm({ cluster }: Run): Promise<() => Promise<unknown>> {
  const { header } = await askEtcd(cluster, 'kv/range', { key: 'AA==' })
  const alarm = { memberID: header?.member_id, alarm: 'NOSPACE' }
  await askEtcd(cluster, 'maintenance/alarm', { action: 'ACTIVATE', ...alarm })
  return () => askEtcd(cluster, 'maintenance/alarm', { action: 'DEACTIVATE', ...alarm })
}
