import { must } from '../../../src/lib/assert.ts'
import { parseStoreAddress } from '../../../src/node/store-address.ts'
import { openRawEtcd } from './raw-etcd.ts'
import { openRawPort } from './raw-port.ts'
import type { RawStore } from './raw-store.ts'
import { openRawZookeeper } from './raw-zookeeper.ts'

/** So many connections, spread over the servers; one where a store has no servers, and lives in this process. */
export async function openRawStores(url: string, count: number): Promise<RawStore[]> {
  const address = parseStoreAddress(url)
  if (address.kind === 'memory' || address.kind === 'embedded') return [await openRawPort(url)]
  const { kind, servers, root } = address
  const open = kind === 'etcd' ? openRawEtcd : openRawZookeeper
  const numbers = Array.from({ length: count }, (_, index) => index)
  return Promise.all(numbers.map((n) => open(must(servers[n % servers.length], 'server'), root)))
}
