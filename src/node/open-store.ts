import { resolve } from 'node:path'
import { permanentRoots } from '../engine/keyspace.ts'
import { askFourLetters } from '../ensemble/four-letters.ts'
import type { MemoryWorld } from '../store/memory/world.ts'
import type { OpenOptions } from '../store/open-options.ts'
import type { Store } from '../store/store.ts'
import type { StoreSurvey } from '../store/survey.ts'
import { accessOf, type StoreCredentials } from './store-access.ts'
import { type MeasureStore, unknownSize } from '../store/size.ts'
import { measureFromOutside } from './measure-store.ts'
import { parseStoreAddress } from './store-address.ts'

export interface OpenedStore {
  store: Store
  /** False when an embedded store was not closed the last time: positions of before mean nothing then. */
  wasCleanStop: boolean
  /** Absent where the store has no servers. */
  survey?: StoreSurvey
  /** How much it holds. */
  measure: MeasureStore
}

/**
 * Opens the store that the URL names; each backend is loaded only when it is used. The one file that names backends.
 * @throws BadConfig, AccessRefused, or the backend's own error when it cannot be reached or is in use
 */
export async function openStore(
  url: string,
  options: Omit<OpenOptions, 'permanentRoots'> & {
    credentials?: StoreCredentials | undefined
    /** What it may hold, as the operator says; without it what the store says or is known to take. */
    bytesMax?: number | undefined
  },
  memoryWorld?: MemoryWorld,
): Promise<OpenedStore> {
  const address = parseStoreAddress(url)
  const access = accessOf(address, options.credentials)
  const all: OpenOptions = { ...options, permanentRoots }
  const { bytesMax } = options
  switch (address.kind) {
    case 'memory': {
      const { openMemoryStore } = await import('../store/memory/memory-store.ts')
      const { createMemoryWorld } = await import('../store/memory/world.ts')
      const world = memoryWorld ?? createMemoryWorld(options)
      const store = openMemoryStore({ ...all, world })
      const measure = async () => ({ ...unknownSize, keys: world.server.leafCount })
      return { store, wasCleanStop: true, measure }
    }
    case 'embedded': {
      const { openEmbeddedStore } = await import('../store/embedded/embedded-store.ts')
      const { createEmbeddedMeasure } = await import('../store/embedded/size.ts')
      const folder = resolve(address.folder)
      const store = await openEmbeddedStore({ ...all, folder })
      const inFile = () => store.inFile()
      const measure = createEmbeddedMeasure({ folder, bytesMax: bytesMax ?? null, inFile })
      return { store, wasCleanStop: store.wasCleanStop, measure }
    }
    case 'zookeeper': {
      const { openZookeeperStore } = await import('../store/zookeeper/zookeeper-store.ts')
      const { createZookeeperSurvey } = await import('../store/zookeeper/survey.ts')
      const survey = createZookeeperSurvey(address.servers, askFourLetters, access.tls)
      const measure = await measureFromOutside(address, options)
      const store = await openZookeeperStore({ ...all, ...address, ...access })
      return { store, wasCleanStop: true, survey, measure }
    }
    case 'etcd': {
      const { openEtcdStore } = await import('../store/etcd/etcd-store.ts')
      const { createEtcdDoor } = await import('../store/etcd/door.ts')
      const { createEtcdSurvey } = await import('../store/etcd/survey.ts')
      const door = createEtcdDoor({ ...access, clock: options.clock })
      const survey = createEtcdSurvey(address.servers, options.clock, door)
      const measure = await measureFromOutside(address, options)
      const store = await openEtcdStore({ ...all, ...address, door })
      return { store, wasCleanStop: true, survey, measure }
    }
  }
}
