import { setMaxListeners } from 'node:events'
import type { Store } from '../store/store.ts'
import { buckets, keys } from './keyspace.ts'

/** Which buckets of live keys rang since they were last looked at; all of them did at first. */
export interface LiveBuckets {
  /** Looks at each that rang, one after the other; one whose look fails, and the rest, are left for the next time. @throws as `look` */
  each(look: (bucket: string) => Promise<void>): Promise<void>
  stop(): void
}

export function watchLiveBuckets(store: Store, signal: AbortSignal): LiveBuckets {
  const stopping = new AbortController()
  const until = AbortSignal.any([signal, stopping.signal])
  // Every bucket's watch listens to it.
  setMaxListeners(0, until)
  const rung = new Set(buckets)
  const follow = async (bucket: string) => {
    for await (const _ of store.watch({ dir: keys.lives(bucket) }, { signal: until }))
      rung.add(bucket)
  }
  for (const bucket of buckets) void follow(bucket).catch(() => undefined) // aborted
  return {
    async each(look) {
      for (const bucket of [...rung]) {
        rung.delete(bucket)
        try {
          await look(bucket)
        } catch (error) {
          rung.add(bucket)
          throw error
        }
      }
    },
    stop: () => stopping.abort(),
  }
}
