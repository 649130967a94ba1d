import { view } from '../auction/view.ts'
import type { Auction } from '../auction/state.ts'
import { createGrowingCache } from '../lib/growing-cache.ts'
import type { Store } from '../store/store.ts'
import { decodeLot } from './codec.ts'
import type { AuctionRecord } from './engine.ts'
import { readExisting } from './existing.ts'
import { keys } from './keyspace.ts'
import { engineLimits } from './limits.ts'
import type { Head, Lot } from './records.ts'

/** What never changes of an auction, and the public record that it makes with a state. */
export interface Lots {
  /** @throws Unreadable, Suspended */
  lotOf(auctionId: string): Promise<Lot>
  record(auctionId: string, lot: Lot, head: Pick<Head, 'epoch'>, state: Auction): AuctionRecord
  /** The epoch as the wire tells it: the history's, and how often an embedded store started uncleanly. */
  epochOf(head: Pick<Head, 'epoch'>): string
}

export function createLots(deps: { store: Store; generation: number }): Lots {
  const cache = createGrowingCache<Lot>(engineLimits.copiesMax)
  const epochOf = (head: Pick<Head, 'epoch'>) =>
    deps.generation === 0 ? head.epoch : `${head.epoch}.${deps.generation}`
  return {
    async lotOf(auctionId) {
      const cached = cache.get(auctionId)
      if (cached !== undefined) return cached
      const key = keys.lot(auctionId)
      const lot = decodeLot(key, (await readExisting(deps.store, key)).value)
      cache.set(auctionId, lot)
      return lot
    },
    record: (id, { title, description }, head, state) => ({
      id,
      epoch: epochOf(head),
      title,
      description,
      auction: view(state),
    }),
    epochOf,
  }
}
