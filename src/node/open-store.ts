import { resolve } from 'node:path'
import { permanentRoots } from '../engine/keyspace.ts'
import { askFourLetters } from '../ensemble/four-letters.ts'
import type { MemoryWorld } from '../store/memory/world.ts'
import type { OpenOptions } from '../store/open-options.ts'
import type { Store } from '../store/store.ts'
import type { StoreSurvey } from '../store/survey.ts'
import { accessOf, type StoreCredentials } from './store-access.ts'
import { parseStoreAddress } from './store-address.ts'

export interface OpenedStore {
  store: Store
  /** False when an embedded store was not closed the last time: positions of before mean nothing then. */
  wasCleanStop: boolean
  /** Absent where the store has no servers. */
  survey?: StoreSurvey
}

/**
 * Opens the store that the URL names; each backend is loaded only when it is used. The one file that names backends.
 * @throws BadConfig, AccessRefused, or the backend's own error when it cannot be reached or is in use
 */
export async function openStore(
  url: string,
  options: Omit<OpenOptions, 'permanentRoots'> & { credentials?: StoreCredentials | undefined },
  memoryWorld?: MemoryWorld,
): Promise<OpenedStore> {
  const address = parseStoreAddress(url)
  const access = accessOf(address, options.credentials)
  const all: OpenOptions = { ...options, permanentRoots }
  switch (address.kind) {
    case 'memory': {
      const { openMemoryStore } = await import('../store/memory/memory-store.ts')
      const store = openMemoryStore(
        memoryWorld === undefined ? all : { ...all, world: memoryWorld },
      )
      return { store, wasCleanStop: true }
    }
    case 'embedded': {
      const { openEmbeddedStore } = await import('../store/embedded/embedded-store.ts')
      const store = await openEmbeddedStore({ ...all, folder: resolve(address.folder) })
      return { store, wasCleanStop: store.wasCleanStop }
    }
    case 'zookeeper': {
      const { openZookeeperStore } = await import('../store/zookeeper/zookeeper-store.ts')
      const { createZookeeperSurvey } = await import('../store/zookeeper/survey.ts')
      const survey = createZookeeperSurvey(address.servers, askFourLetters, access.tls)
      const store = await openZookeeperStore({ ...all, ...address, ...access })
      return { store, wasCleanStop: true, survey }
    }
    case 'etcd': {
      const { openEtcdStore } = await import('../store/etcd/etcd-store.ts')
      const { createEtcdDoor } = await import('../store/etcd/door.ts')
      const { createEtcdSurvey } = await import('../store/etcd/survey.ts')
      const door = createEtcdDoor({ ...access, clock: options.clock })
      const survey = createEtcdSurvey(address.servers, options.clock, door)
      const store = await openEtcdStore({ ...all, ...address, door })
      return { store, wasCleanStop: true, survey }
    }
  }
}
