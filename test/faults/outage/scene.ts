import type { AuctionJson } from '../../../src/protocol/auction.ts'
import type { Sale } from '../auctions.ts'
import type { Watchers } from '../watchers.ts'
import { must } from '../../../src/lib/assert.ts'

/** What one part of a run showed: figures for people, and what should not have been. */
export interface Scene {
  readonly name: string
  readonly figures: Readonly<Record<string, string | number>>
  /** Empty when all was as promised. */
  readonly complaints: readonly string[]
  readonly lots: readonly AuctionJson[]
  readonly watchers: Watchers
}

export function saleOf(lots: readonly AuctionJson[]): Sale {
  const [hot, ...quiet] = lots
  return { hot: must(hot, 'a lot'), quiet }
}
