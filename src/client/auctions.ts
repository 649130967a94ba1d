import type { Entropy } from '../lib/entropy.ts'
import type { AuctionJson } from '../protocol/auction.ts'
import type { AuctionListJson, EventsPageJson } from '../protocol/http.ts'
import type { BidAcceptanceJson, BidTimingJson } from '../protocol/outcome.ts'
import type { AuctionCalls } from './client.ts'
import { Refused } from './errors.ts'
import type { HttpCaller } from './http-caller.ts'

export function createAuctionCalls(http: HttpCaller, entropy: Entropy): AuctionCalls {
  return {
    create: (auction, options) =>
      http.call<AuctionJson>({
        method: 'POST',
        path: '/auctions',
        body: auction,
        headers: { 'idempotency-key': options?.idempotencyKey ?? entropy.token(16) },
      }),
    get: (id, options) => {
      const query = options?.fresh === true ? '?fresh=true' : ''
      return http.call<AuctionJson>({ method: 'GET', path: `${pathOf(id)}${query}` })
    },
    list: (query = {}) =>
      http.call<AuctionListJson>({ method: 'GET', path: `/auctions${queryOf(query)}` }),
    events: (id, query = {}) =>
      http.call<EventsPageJson>({ method: 'GET', path: `${pathOf(id)}/events${queryOf(query)}` }),
    cancel: (id) => http.call<AuctionJson>({ method: 'POST', path: `${pathOf(id)}/cancel` }),
    bidTiming: (id, bidId) =>
      http.call<BidTimingJson>({
        method: 'GET',
        path: `${pathOf(id)}/bids/${encodeURIComponent(bidId)}/timing`,
      }),
    async bidOutcome(id, bidId) {
      const path = `${pathOf(id)}/bids/${encodeURIComponent(bidId)}`
      try {
        return await http.call<BidAcceptanceJson>({ method: 'GET', path })
      } catch (error) {
        if (!(error instanceof Refused) || error.code !== 'not-in-journal') throw error
        return { outcome: 'none', final: error.problem['final'] === true }
      }
    },
  }
}

function pathOf(id: string): string {
  return `/auctions/${encodeURIComponent(id)}`
}

function queryOf(query: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(query).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return given.length === 0 ? '' : `?${given.join('&')}`
}
