import { LRUCache } from 'lru-cache'
import { groupOf } from '../../lib/ip-address.ts'

/** How many auctions that were made on this node from one address may be scheduled or open. */
export interface AuctionQuota {
  /** A place for one more; undefined when there is none. @throws Suspended */
  reserve(address: string): Promise<Place | undefined>
}

export interface Place {
  /** It is taken by this auction until that is over; the same auction takes one place, however often it is asked for. */
  made(auctionId: string): void
  /** To be called once nothing more comes of it. */
  free(): void
}

/** Auctions remembered for all addresses together; the address that made none for the longest time is forgotten. */
const rememberedMax = 100_000

export function createAuctionQuota(deps: {
  perAddressMax: number
  /** Those of the ids that are scheduled or open. */
  liveAmong: (ids: readonly string[]) => Promise<readonly string[]>
}): AuctionQuota {
  const { perAddressMax, liveAmong } = deps
  const made = new LRUCache<string, Set<string>>({
    maxSize: rememberedMax,
    sizeCalculation: (ids) => ids.size + 1,
  })
  const waiting = new Map<string, number>()
  const idsOf = (group: string) => made.get(group) ?? new Set()
  const usedBy = (group: string) => idsOf(group).size + (waiting.get(group) ?? 0)

  const wait = (group: string, by: 1 | -1) => {
    const count = (waiting.get(group) ?? 0) + by
    if (count > 0) waiting.set(group, count)
    else waiting.delete(group)
  }
  return {
    async reserve(address) {
      const group = groupOf(address)
      if (usedBy(group) >= perAddressMax) {
        const seen = [...idsOf(group)]
        const live = new Set(await liveAmong(seen))
        const left = [...idsOf(group)].filter((id) => live.has(id) || !seen.includes(id))
        made.set(group, new Set(left))
        if (usedBy(group) >= perAddressMax) return undefined
      }
      wait(group, 1)
      return {
        made: (auctionId) => made.set(group, new Set([...idsOf(group), auctionId])),
        free: () => wait(group, -1),
      }
    },
  }
}
