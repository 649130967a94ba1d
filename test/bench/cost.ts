import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { type Cost, measureGrowth } from './growth.ts'
import { provideStoreAlone } from './store-alone.ts'

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
const kind = (['memory', 'embedded', 'zookeeper', 'etcd'] as const).find(
  (known) => known === values.store,
)
if (kind === undefined) throw new Error(`no store ${JSON.stringify(values.store)}`)
const store = await provideStoreAlone(kind)
let costs: Cost[]
try {
  costs = await measureGrowth({
    open: store.open,
    ...(store.openSecond === undefined ? {} : { openSecond: store.openSecond }),
    histories: values.histories.split(',').map(Number),
    samples: Number(values.samples),
    onProgress: (text) => process.stderr.isTTY && process.stderr.write(`\r${text}   `),
  })
} finally {
  await store.stop()
}
if (values.json) console.log(JSON.stringify({ store: kind, costs }))
else {
  const table = new Table({ head: ['operation', 'history', 'store ops', 'bytes written', 'ms'] })
  for (const { operation, history, storeOps, bytes, ms } of costs) {
    table.push([operation, history, storeOps.toFixed(2), bytes.toFixed(0), ms.toFixed(2)])
  }
  console.log(`store: ${kind}; means of ${values.samples} operations\n${table.toString()}`)
}
process.exit(0)
