import { afterAll, beforeAll, describe } from 'vitest'
import { must } from '../../src/lib/assert.ts'
import { openEtcdStore } from '../../src/store/etcd/etcd-store.ts'
import { openZookeeperStore } from '../../src/store/zookeeper/zookeeper-store.ts'
import { findBackend, type ProvidedStore } from '../support/backends.ts'
import { describeResubscribing } from './resubscribing.ts'

for (const kind of ['zookeeper', 'etcd'] as const) {
  const backend = await findBackend(kind, { size: 1 })
  describe.skipIf(backend === undefined)(`a real ${kind}`, () => {
    let provided: ProvidedStore
    beforeAll(async () => {
      provided = await must(backend, 'backend').start()
    })
    afterAll(() => provided.stop())
    const openStore = kind === 'zookeeper' ? openZookeeperStore : openEtcdStore
    describeResubscribing(kind, (options) =>
      openStore({ ...options, servers: provided.servers, root: 'lotkeeper' }),
    )
  })
}
