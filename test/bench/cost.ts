import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { systemEntropy } from '../../src/lib/entropy.ts'
import { silentLog } from '../../src/lib/log.ts'
import { silentMetrics } from '../../src/lib/metrics.ts'
import { systemClock } from '../../src/lib/system-clock.ts'
import { openStore } from '../../src/node/open-store.ts'
import { createMemoryWorld } from '../../src/store/memory/world.ts'
import type { Store } from '../../src/store/store.ts'
import { provideStore } from '../support/backends.ts'
import { type Cost, measureGrowth } from './growth.ts'

// npm run cost -- [--store memory|embedded|zookeeper|etcd] [--histories 100,20000] [--samples 200] [--json]
// Prints what one operation costs at each length of an auction's history: store operations, bytes written, milliseconds.

const { values } = parseArgs({
  options: {
    store: { type: 'string', default: 'memory' },
    histories: { type: 'string', default: '100,20000' },
    samples: { type: 'string', default: '200' },
    json: { type: 'boolean', default: false },
  },
})
const kind = values.store
const options = {
  clock: systemClock,
  entropy: systemEntropy,
  log: silentLog,
  metrics: silentMetrics,
  sessionTimeoutMs: 6_000,
}
const open = async (url: string, world?: ReturnType<typeof createMemoryWorld>): Promise<Store> =>
  (await openStore(url, options, world)).store

async function withStore(use: (open: () => Promise<Store>) => Promise<Cost[]>): Promise<Cost[]> {
  if (kind === 'memory') {
    const world = createMemoryWorld({ clock: systemClock })
    return use(() => open('memory:', world))
  }
  if (kind === 'embedded') {
    const folder = mkdtempSync(join(tmpdir(), 'lotkeeper-cost-'))
    try {
      return await use(() => open(`embedded:${folder}`))
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
  if (kind !== 'zookeeper' && kind !== 'etcd') throw new Error(`no store ${JSON.stringify(kind)}`)
  const provided = await provideStore(kind, { size: 3 })
  try {
    return await use(() => open(`${kind}://${provided.servers.join(',')}/cost`))
  } finally {
    await provided.stop()
  }
}

const costs = await withStore((openOne) =>
  measureGrowth({
    open: openOne,
    ...(kind === 'embedded' ? {} : { openSecond: openOne }),
    histories: values.histories.split(',').map(Number),
    samples: Number(values.samples),
    onProgress: (text) => process.stderr.isTTY && process.stderr.write(`\r${text}   `),
  }),
)
if (values.json) console.log(JSON.stringify({ store: kind, costs }))
else {
  const table = new Table({ head: ['operation', 'history', 'store ops', 'bytes written', 'ms'] })
  for (const { operation, history, storeOps, bytes, ms } of costs) {
    table.push([operation, history, storeOps.toFixed(2), bytes.toFixed(0), ms.toFixed(2)])
  }
  console.log(`store: ${kind}; means of ${values.samples} operations\n${table.toString()}`)
}
process.exit(0)
