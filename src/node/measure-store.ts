import { resolve } from 'node:path'
import { askFourLetters } from '../ensemble/four-letters.ts'
import type { Clock } from '../lib/clock.ts'
import type { MeasureStore } from '../store/size.ts'
import { accessOf, type StoreCredentials } from './store-access.ts'
import type { StoreAddress } from './store-address.ts'

export { fillOf, type StoreSize } from '../store/size.ts'

export interface MeasureOptions {
  clock: Clock
  bytesMax?: number | undefined
  credentials?: StoreCredentials | undefined
}

/**
 * How to measure a store from outside, without opening it. Backends are loaded only when they are used.
 * @param options `bytesMax` is what the operator says that it may hold; without it etcd's own default, or nobody knows
 */
export async function measureFromOutside(
  address: Exclude<StoreAddress, { kind: 'memory' }>,
  options: MeasureOptions,
): Promise<MeasureStore> {
  const { clock, bytesMax } = options
  const access = accessOf(address, options.credentials)
  switch (address.kind) {
    case 'embedded': {
      const { createEmbeddedMeasure } = await import('../store/embedded/size.ts')
      return createEmbeddedMeasure({
        folder: resolve(address.folder),
        bytesMax: bytesMax ?? null,
      })
    }
    case 'zookeeper': {
      const { createZookeeperMeasure } = await import('../store/zookeeper/size.ts')
      const { servers } = address
      return createZookeeperMeasure({
        servers,
        ask: askFourLetters,
        bytesMax: bytesMax ?? null,
        tls: access.tls,
      })
    }
    case 'etcd': {
      const { createEtcdMeasure, etcdBytesMaxDefault } = await import('../store/etcd/size.ts')
      const { createEtcdDoor } = await import('../store/etcd/door.ts')
      const door = createEtcdDoor({ ...access, clock })
      return createEtcdMeasure({
        ...address,
        clock,
        door,
        bytesMax: bytesMax ?? etcdBytesMaxDefault,
      })
    }
  }
}
