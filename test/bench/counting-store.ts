import type { Store } from '../../src/store/store.ts'

/** What a node asked of its store since the last reset. */
export interface StoreCounts {
  reads: number
  freshReads: number
  lists: number
  commits: number
  bytesWritten: number
}

/** The store, counting its calls; everything else passes through. */
export function countCalls(store: Store): { store: Store; counts: StoreCounts; reset(): void } {
  const counts: StoreCounts = { reads: 0, freshReads: 0, lists: 0, commits: 0, bytesWritten: 0 }
  const counted: Store = {
    kind: store.kind,
    limits: store.limits,
    get session() {
      return store.session
    },
    health: () => store.health(),
    onSessionChange: (listener) => store.onSessionChange(listener),
    distrust: (reason) => store.distrust(reason),
    get(key, options) {
      if (options?.fresh === true) counts.freshReads++
      else counts.reads++
      return store.get(key, options)
    },
    list(dir, options) {
      counts.lists++
      return store.list(dir, options)
    },
    commit(commit, options) {
      // The clock's beacon is no cost of a bid.
      if (!commit.writes.some((write) => write.key === 'clock')) {
        counts.commits++
        for (const write of commit.writes) {
          if (write.kind !== 'delete') counts.bytesWritten += write.value.byteLength
        }
      }
      return store.commit(commit, options)
    },
    watch: (target, options) => store.watch(target, options),
    close: () => store.close(),
  }
  const reset = () => {
    Object.assign(counts, { reads: 0, freshReads: 0, lists: 0, commits: 0, bytesWritten: 0 })
  }
  return { store: counted, counts, reset }
}
