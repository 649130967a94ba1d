import { parseAmount } from '../../../src/auction/money.ts'
import type { AuctionJson, Phase } from '../../../src/protocol/auction.ts'

export const phaseFilters = ['open', 'scheduled', 'closed', 'all'] as const
export type PhaseFilter = (typeof phaseFilters)[number]
export const sorts = ['ending', 'newest', 'bids', 'price'] as const
export type Sort = (typeof sorts)[number]

/** What somebody looks for in the catalogue; stands in the address, so that it can be kept and sent. */
export interface CatalogueQuery {
  readonly phase: PhaseFilter
  readonly sort: Sort
  readonly words: string
}

export function readQuery(query: Readonly<Record<string, string>>): CatalogueQuery {
  return {
    phase: phaseFilters.find((phase) => phase === query['phase']) ?? 'open',
    sort: sorts.find((sort) => sort === query['sort']) ?? 'ending',
    words: query['q'] ?? '',
  }
}

/** The address of a query: what is as usual is left out. */
export function queryPath({ phase, sort, words }: CatalogueQuery): string {
  const parts = new URLSearchParams()
  if (phase !== 'open') parts.set('phase', phase)
  if (sort !== 'ending') parts.set('sort', sort)
  if (words !== '') parts.set('q', words)
  return parts.size === 0 ? '/' : `/?${parts.toString()}`
}

export function phaseOf(query: CatalogueQuery): Phase | undefined {
  return query.phase === 'all' ? undefined : query.phase
}

/** Whether the order of the nodes and their first pages will do; else more has to be fetched and looked through here. */
export function isPlain(query: CatalogueQuery): boolean {
  return query.sort === 'ending' && query.words.trim() === ''
}

/** Those in which every word occurs, in the order asked for. */
export function pick(items: readonly AuctionJson[], query: CatalogueQuery): AuctionJson[] {
  const wanted = plain(query.words).split(/\s+/).filter(Boolean)
  const found = items.filter((item) => {
    const text = plain(`${item.title} ${item.seller.name} ${item.description}`)
    return wanted.every((word) => text.includes(word))
  })
  return query.sort === 'ending' ? found : found.sort(orders[query.sort])
}

type Order = (a: AuctionJson, b: AuctionJson) => number
const orders: Readonly<Record<Exclude<Sort, 'ending'>, Order>> = {
  newest: (a, b) => (a.id < b.id ? 1 : -1),
  bids: (a, b) => b.bidCount - a.bidCount,
  price: (a, b) => priceOf(b) - priceOf(a),
}

function priceOf({ standingBid, startPrice, currency }: AuctionJson): number {
  return parseAmount(standingBid?.amount ?? startPrice, currency) ?? 0
}

/** Without accents and capitals: "Châlons" is found by "chalons". */
function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
