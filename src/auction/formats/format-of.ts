import type { Auction } from '../state.ts'
import { english } from './english.ts'
import type { Format } from './format.ts'

const formats: Readonly<Record<Auction['format'], Format>> = { english }

/** The rules of the format that the auction was created with. */
export function formatOf(auction: Pick<Auction, 'format'>): Format {
  return formats[auction.format]
}
