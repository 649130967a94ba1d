import { parseArgs } from 'node:util'
import { ProgramMissing } from '../../src/ensemble/ensemble.ts'
import { startEtcdEnsemble } from '../../src/ensemble/etcd-ensemble.ts'
import { startZookeeperEnsemble } from '../../src/ensemble/zookeeper-ensemble.ts'

// npm run ensemble -- zookeeper|etcd [--ports 2181,2182,2183] [--folder ./ensemble-data]
// A local ensemble of three servers until Ctrl-C. Without --folder its data is gone afterwards.

const usage = 'usage: npm run ensemble -- zookeeper|etcd [--ports A,B,C] [--folder FOLDER]'
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { ports: { type: 'string' }, folder: { type: 'string' } },
})
const [kind] = positionals
if (kind !== 'zookeeper' && kind !== 'etcd') {
  console.error(usage)
  process.exit(2)
}
const ports = (values.ports ?? (kind === 'zookeeper' ? '2181,2182,2183' : '2379,2381,2383'))
  .split(',')
  .map(Number)
const start = kind === 'zookeeper' ? startZookeeperEnsemble : startEtcdEnsemble
const { folder } = values
try {
  const ensemble = await start({ size: 3, ports, ...(folder === undefined ? {} : { folder }) })
  const url = ensemble.storeUrl()
  console.log(
    `${kind} ready ${JSON.stringify({ url, pids: ensemble.members.map(({ pid }) => pid) })}`,
  )
  for (const n of [1, 2, 3]) {
    console.error(`node dist/cmd/lotkeeper.js serve --node-id n${n} --port 808${n} --store ${url}`)
  }
  // The servers alone do not keep this process.
  setInterval(() => undefined, 2 ** 30)
  const stop = () => void ensemble.stop().then(() => process.exit(0))
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(error instanceof ProgramMissing ? 5 : 1)
}
