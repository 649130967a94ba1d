import type { AuctionRecord } from '../../engine/engine.ts'
import { createGrowingCache } from '../../lib/growing-cache.ts'
import type { AuctionJson } from '../../protocol/auction.ts'
import { formatInstant } from '../instant.ts'
import { encodeAuction } from './auction.ts'

/** Pages of the catalogue as JSON text. */
export interface AuctionPages {
  /** @param serverTime cluster time in ms at which this is told */
  encode(
    page: { items: readonly AuctionRecord[]; nextCursor: string | null },
    serverTime: number,
  ): string
}

/** Of a description in a list; the whole one is in `GET /auctions/{id}` and in snapshots. */
const listedDescriptionCharactersMax = 200

/** Encoded auctions that are kept: about a kilobyte each. Beyond, the one that was listed longest ago is encoded anew. */
const keptMax = 2_000

interface Encoded {
  readonly epoch: string
  readonly seq: number
  /** All but `serverTime`, and without the closing brace. */
  readonly text: string
}

export function createAuctionPages(): AuctionPages {
  const kept = createGrowingCache<Encoded>(keptMax)
  const textOf = (record: AuctionRecord): string => {
    const { id, epoch } = record
    const { seq } = record.auction
    const known = kept.get(id)
    // An auction changes with its seq, and never otherwise.
    if (known?.seq === seq && known.epoch === epoch) return known.text
    const { serverTime: _told, ...item } = listedAuction(encodeAuction(record, 0))
    const text = JSON.stringify(item).slice(0, -1)
    kept.set(id, { epoch, seq, text })
    return text
  }
  return {
    encode({ items, nextCursor }, serverTime) {
      const end = `,"serverTime":${JSON.stringify(formatInstant(serverTime))}}`
      const texts = items.map((record) => textOf(record) + end)
      return `{"items":[${texts.join(',')}],"nextCursor":${JSON.stringify(nextCursor)}}`
    },
  }
}

/** Cut between characters, not within one. */
function listedAuction(auction: AuctionJson): AuctionJson {
  const { description } = auction
  if (description.length <= listedDescriptionCharactersMax) return auction
  const cut = Array.from(description.slice(0, 2 * listedDescriptionCharactersMax))
    .slice(0, listedDescriptionCharactersMax)
    .join('')
  return cut === description ? auction : { ...auction, description: cut, descriptionCut: true }
}
