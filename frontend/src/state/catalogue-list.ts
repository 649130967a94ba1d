import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { App } from './app.ts'
import { isPlain, phaseOf, pick, type CatalogueQuery } from './catalogue-query.ts'

export interface CatalogueList {
  readonly items: readonly AuctionJson[]
  /** Found, but beyond what is shown. */
  readonly hasMore: boolean
  /** The cluster has more than were looked through. */
  readonly isCut: boolean
}

const callItemsMax = 200
/** Looked through by a search, and what one screen may grow to. */
export const searchedMax = 1_000

/** The auctions that a query finds, at most `shownMax` of them. */
export async function findAuctions(
  app: App,
  query: CatalogueQuery,
  shownMax: number,
): Promise<CatalogueList> {
  const wanted = isPlain(query) ? shownMax : searchedMax
  const items: AuctionJson[] = []
  const phase = phaseOf(query)
  let cursor: string | null = null
  do {
    const answer = await app.client.auctions.list({
      limit: Math.min(callItemsMax, wanted - items.length),
      ...(phase === undefined ? {} : { phase }),
      ...(cursor === null ? {} : { cursor }),
    })
    items.push(...answer.items)
    cursor = answer.nextCursor
  } while (cursor !== null && items.length < wanted)
  const newest = items.at(-1)
  if (newest !== undefined) app.time.note(newest.serverTime)
  const found = pick(items, query)
  return {
    items: found.slice(0, shownMax),
    hasMore: found.length > shownMax || (isPlain(query) && cursor !== null),
    isCut: cursor !== null && !isPlain(query),
  }
}
