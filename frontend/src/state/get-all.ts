import { Refused } from '../../../src/client/errors.ts'
import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { App } from './app.ts'
import type { IdList } from './id-list.ts'

/** The auctions of a list kept in this browser. Those that the cluster does not know are struck off. */
export async function getAll(app: App, list: IdList): Promise<AuctionJson[]> {
  const found = await Promise.all(
    list.ids.peek().map(async (id) => {
      try {
        return await app.client.auctions.get(id)
      } catch (thrown) {
        if (!(thrown instanceof Refused) || thrown.status !== 404) throw thrown
        list.remove(id)
        return undefined
      }
    }),
  )
  const known = found.filter((auction) => auction !== undefined)
  if (known[0] !== undefined) app.time.note(known[0].serverTime)
  return known
}
