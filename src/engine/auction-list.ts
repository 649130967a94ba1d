import type { Clock } from '../lib/clock.ts'
import { nameOf } from '../store/key.ts'
import type { Store } from '../store/store.ts'
import { Unreadable } from './codec.ts'
import type { Copies } from './copies.ts'
import type { ListQuery } from './engine.ts'
import { buckets, keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'

/** What orders and filters a list. */
export interface Listed {
  readonly id: string
  readonly phase: NonNullable<ListQuery['phase']>
  readonly endsAt: number
}

/**
 * All auctions, ordered by endsAt then id, as of about a second ago. Reads happen only when somebody asks: the names of all
 * buckets, and the heads that can still change. Those who ask at the same time share one reading.
 */
export interface AuctionList {
  /** @throws Suspended */
  read(): Promise<readonly Listed[]>
  /** Ids known to be scheduled or open, without reading. */
  knownLiveIds(): Iterable<string>
}

const freshForMs = 1_000

export function createAuctionList(deps: {
  store: Store
  clock: Clock
  copies: Copies
}): AuctionList {
  const { store, clock, copies } = deps
  const over = new Map<string, Listed>()
  let listed: readonly Listed[] = []
  let readAtMs = -Infinity
  let reading: Promise<readonly Listed[]> | undefined

  const look = async (id: string): Promise<Listed | undefined> => {
    const known = over.get(id)
    if (known !== undefined) return known
    try {
      const copy = await copies.load(id)
      if (copy === undefined) return undefined
      const { phase, endsAt } = copy.head.state
      const entry: Listed = { id, phase, endsAt }
      if (phase === 'closed' || phase === 'cancelled') over.set(id, entry)
      return entry
    } catch (error) {
      // A damaged record hides its own auction, not the list.
      if (error instanceof Unreadable) return undefined
      throw error
    }
  }
  const readAll = async (): Promise<readonly Listed[]> => {
    const leaves = await Promise.all(buckets.map((bucket) => store.list(keys.heads(bucket))))
    // Newest first by ULID: beyond the limit the oldest are left out.
    const ids = leaves
      .flat()
      .map((leaf) => nameOf(leaf.key))
      .sort()
      .slice(-engineLimits.listedMax)
    const found: Listed[] = []
    for (let at = 0; at < ids.length; at += engineLimits.parallelReads) {
      const some = await Promise.all(ids.slice(at, at + engineLimits.parallelReads).map(look))
      found.push(...some.filter((entry) => entry !== undefined))
    }
    listed = found.sort((a, b) => a.endsAt - b.endsAt || (a.id < b.id ? -1 : 1))
    readAtMs = clock.monotonicMs()
    return listed
  }

  return {
    read() {
      if (clock.monotonicMs() - readAtMs < freshForMs) return Promise.resolve(listed)
      reading ??= readAll().finally(() => (reading = undefined))
      return reading
    },
    *knownLiveIds() {
      for (const { id, phase } of listed) {
        if (phase === 'open' || phase === 'scheduled') yield id
      }
    },
  }
}
