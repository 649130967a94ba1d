import type { Log } from '../lib/log.ts'
import type { Lock } from '../recipes/lock.ts'
import { OutcomeUnknown } from '../store/errors.ts'
import type { Store } from '../store/store.ts'
import { encodeChunk, idsPerChunk, toHead } from './bid-ids.ts'
import type { Copies, Copy } from './copies.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import type { HeadIds } from './records.ts'

/**
 * Moves the ids of accepted bids from the head to chunks, so that the head stays small and a node that never saw the auction
 * learns them in a few reads. Written by the lock's holder beside the log, off the bids' way, guarded by the lock.
 */
export interface IdChunks {
  /** The ids of the copy's head, without those that are in chunks already: for the next head. */
  trimmed(copy: Copy): HeadIds
  /** Starts to write chunks when the head tells too many ids. Failures are tried again after the next commit. */
  flush(auctionId: string, lock: Lock): void
  /** Waits for chunks only when the head tells far too many ids. */
  settle(auctionId: string, lock: Lock): Promise<void>
  forget(auctionId: string): void
}

export function createIdChunks(deps: { store: Store; log: Log; copies: Copies }): IdChunks {
  const { store, log, copies } = deps
  const written = new Map<string, number>()
  const writing = new Map<string, Promise<void>>()

  const chunkedOf = (copy: Copy) => Math.max(copy.head.ids.chunked, written.get(copy.id) ?? 0)

  const write = async (copy: Copy, lock: Lock): Promise<void> => {
    const count = copy.ids.hashes.length
    for (
      let chunk = Math.floor(chunkedOf(copy) / idsPerChunk);
      chunk * idsPerChunk < count;
      chunk++
    ) {
      const key = keys.ids(copy.id, chunk)
      const value = encodeChunk(copy.ids, chunk)
      const guards = [lock.guard]
      const created = await store.commit({ guards, writes: [{ kind: 'create', key, value }] })
      if (created.ok) continue
      const put = await store.commit({ guards, writes: [{ kind: 'put', key, value }] })
      if (!put.ok) return
    }
    written.set(copy.id, count)
  }

  const start = (auctionId: string, lock: Lock): Promise<void> => {
    const running = writing.get(auctionId)
    const copy = copies.peek(auctionId)
    if (running !== undefined) return running
    if (copy?.idsComplete !== true) return Promise.resolve()
    const done = write(copy, lock)
      .catch((error: unknown) => {
        if (!(error instanceof OutcomeUnknown))
          log.debug({ auctionId, error }, 'ids stay in the head')
      })
      .finally(() => writing.delete(auctionId))
    writing.set(auctionId, done)
    return done
  }

  const recentCount = (copy: Copy | undefined) =>
    copy === undefined ? 0 : copy.head.ids.count - chunkedOf(copy)

  return {
    trimmed(copy) {
      const chunked = chunkedOf(copy)
      const isCurrent = chunked <= copy.head.ids.chunked || !copy.idsComplete
      return isCurrent ? copy.head.ids : toHead(copy.ids, chunked)
    },
    flush(auctionId, lock) {
      if (recentCount(copies.peek(auctionId)) > engineLimits.recentIdsMax)
        void start(auctionId, lock)
    },
    async settle(auctionId, lock) {
      if (recentCount(copies.peek(auctionId)) > engineLimits.recentIdsHardMax) {
        await start(auctionId, lock)
      }
    },
    forget: (auctionId) => written.delete(auctionId),
  }
}
