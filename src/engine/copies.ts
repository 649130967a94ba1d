import type { Store } from '../store/store.ts'
import { assert } from '../lib/assert.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import {
  type BidIds,
  createBidIds,
  firstMissingChunk,
  idsPerChunk,
  takeChunk,
  takeHead,
} from './bid-ids.ts'
import { Unreadable } from './codec.ts'
import type { Journal } from './journal.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import type { Head } from './records.ts'

/** What this node remembers of an auction: it may be old, but it is a state the auction was in. */
export interface Copy {
  readonly id: string
  readonly head: Head
  /** For the next append; undefined when it must be loaded first. */
  readonly version: string | undefined
  readonly ids: BidIds
  /** Whether `ids` knows every bid accepted up to `head`. */
  readonly idsComplete: boolean
}

/** The newest state that this node knows of each auction, moving forward only. The least recently used are forgotten. */
export interface Copies {
  peek(auctionId: string): Copy | undefined
  /** Reads the head and adopts it. Undefined when there is no such auction. @throws Unreadable, Suspended */
  load(auctionId: string, options?: { fresh?: boolean }): Promise<Copy | undefined>
  /** Takes a head that was read or committed; an older one than known changes nothing. */
  adopt(auctionId: string, head: Head, version: string | undefined): Copy
  /** The version is in doubt: the next append must load first. */
  doubt(auctionId: string): void
  /** Reads the chunks of ids that are missing, so that `idsComplete`. */
  completeIds(auctionId: string): Promise<Copy>
  /** Told after each step forward, with the head that was known before. */
  onAdvance(listener: (copy: Copy, before: Head | undefined) => void): () => void
}

interface MutableCopy {
  id: string
  head: Head
  version: string | undefined
  ids: BidIds
  idsComplete: boolean
}

export function createCopies(deps: { store: Store; journal: Journal }): Copies {
  const { store, journal } = deps
  const copies = createGrowingCache<MutableCopy>(engineLimits.copiesMax)
  const listeners = new Set<(copy: Copy, before: Head | undefined) => void>()

  const adopt = (auctionId: string, head: Head, version: string | undefined): Copy => {
    const known = copies.get(auctionId)
    if (known === undefined) {
      const ids = createBidIds()
      const copy = { id: auctionId, head, version, ids, idsComplete: takeHead(ids, head.ids) }
      copies.set(auctionId, copy)
      listeners.forEach((listener) => listener(copy, undefined))
      return copy
    }
    if (head.slot === known.head.slot) {
      assert(head.batch.batchId === known.head.batch.batchId, 'one batch to a slot')
      if (version !== undefined) known.version = version
      return known
    }
    if (head.slot < known.head.slot) return known
    const before = known.head
    known.head = head
    known.version = version
    known.idsComplete = takeHead(known.ids, head.ids)
    listeners.forEach((listener) => listener(known, before))
    return known
  }

  const load = async (auctionId: string, options?: { fresh?: boolean }) => {
    const loaded = await journal.loadHead(auctionId, options)
    return loaded === undefined ? undefined : adopt(auctionId, loaded.head, loaded.version)
  }

  return {
    peek: (auctionId) => copies.get(auctionId),
    load,
    adopt,
    doubt(auctionId) {
      const known = copies.get(auctionId)
      if (known !== undefined) known.version = undefined
    },
    async completeIds(auctionId) {
      for (let tries = 0; tries < 3; tries++) {
        const copy = copies.get(auctionId) ?? (await load(auctionId))
        assert(copy !== undefined, 'ids are completed of an auction that exists')
        if (copy.idsComplete) return copy
        await readChunks(store, copy)
        const now = copies.get(auctionId)
        if (now !== undefined) now.idsComplete = takeHead(now.ids, now.head.ids)
        if (now?.idsComplete) return now
      }
      throw new Unreadable(keys.ids(auctionId, 0), 'it does not hold what the head tells')
    },
    onAdvance(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

async function readChunks(store: Store, copy: Copy): Promise<void> {
  const first = firstMissingChunk(copy.ids)
  const last = Math.floor((copy.head.ids.chunked - 1) / idsPerChunk)
  const numbers = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  const entries = await Promise.all(
    numbers.map((chunk) => store.get(keys.ids(copy.id, chunk), { fresh: chunk === last })),
  )
  entries.forEach((entry, index) => {
    if (entry !== undefined) takeChunk(copy.ids, first + index, entry.value)
  })
}
