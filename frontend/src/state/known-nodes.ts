import type { ClusterJson } from '../../../src/protocol/http.ts'
import { createStoredValue, type KeyValueStorage } from './stored-value.ts'

/** The addresses of the nodes as last seen, for the page that shows when this one does not answer (public/offline.js). */
export function createKnownNodes(storage: KeyValueStorage) {
  const stored = createStoredValue(storage, 'lotkeeper.nodes', Array.isArray)
  return {
    note({ members }: ClusterJson): void {
      stored.write(members.map(({ url }) => url))
    },
  }
}
