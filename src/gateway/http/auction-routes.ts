import { z } from 'zod'
import type { AuctionRecord, Catalogue } from '../../engine/engine.ts'
import { ulidPattern } from '../../lib/ulid.ts'
import { auctionJson } from '../../protocol/auction.ts'
import { auctionListJson, eventsPageJson } from '../../protocol/http.ts'
import { auctionQuery, eventsQuery, listQuery, noQuery } from '../../protocol/http-query.ts'
import { protocolLimits } from '../../protocol/limits.ts'
import { encodeAuction } from '../encode/auction.ts'
import { createAuctionPages } from '../encode/auction-page.ts'
import { encodeEvent } from '../encode/event.ts'
import { Fault } from '../fault.ts'
import { eventsPrice, listPrice, prices } from '../prices.ts'
import type { ShownTime } from '../shown-time.ts'
import { route, type Answer, type Route } from './route.ts'
import { noSuchAuction, signedIn } from './signed-in.ts'

const limitDefault = protocolLimits.pageItemsDefault

export interface AuctionRouteDeps {
  catalogue: Catalogue
  now: ShownTime
}

export function auctionRoutes(deps: AuctionRouteDeps): Route[] {
  return [listRoute(deps), showRoute(deps), eventsRoute(deps), cancelRoute(deps)]
}

/** `ETag` is the seq: it changes with every event, and with nothing else. */
export function auctionAnswer(status: number, record: AuctionRecord, now: ShownTime): Answer {
  return {
    status,
    headers: { ETag: `"${record.auction.seq}"` },
    json: encodeAuction(record, now()),
  }
}

/** An id that could not be one of ours is one that does not exist. */
export function auctionIdOf(params: Readonly<Record<string, string>>): string {
  const id = params['auctionId'] ?? ''
  if (!ulidPattern.test(id)) throw noSuchAuction(id)
  return id
}

function listRoute({ catalogue, now }: AuctionRouteDeps): Route {
  const pages = createAuctionPages()
  return route({
    method: 'get',
    path: '/auctions',
    summary: 'Auctions by end, then id; up to about a second old. Long descriptions are cut',
    needsSession: false,
    rate: 'reads',
    price: ({ limit = limitDefault }) => listPrice(limit),
    query: listQuery,
    answers: { 200: { description: 'A page; nextCursor null ends it', schema: auctionListJson } },
    problems: [],
    async handle({ query }) {
      const page = await catalogue.list({
        limit: query.limit ?? limitDefault,
        ...(query.phase !== undefined && { phase: query.phase }),
        ...(query.cursor !== undefined && { cursor: query.cursor }),
      })
      if (page === undefined) {
        const detail = 'cursor: not one that a page came with.'
        throw new Fault('bad-parameter', detail, { parameter: 'cursor' })
      }
      const body = Buffer.from(pages.encode(page, now()))
      return { status: 200, text: { contentType: 'application/json; charset=utf-8', body } }
    },
  })
}

function showRoute({ catalogue, now }: AuctionRouteDeps): Route {
  return route({
    method: 'get',
    path: '/auctions/:auctionId',
    summary: 'One auction; with fresh=true never older than a bid acknowledged before the call',
    needsSession: false,
    rate: 'reads',
    price: ({ fresh }) => (fresh === 'true' ? prices.fresh : 1),
    query: auctionQuery,
    answers: {
      200: { description: 'The auction', schema: auctionJson, headers: { ETag: 'The seq' } },
    },
    problems: ['no-such-auction', 'quarantined'],
    async handle({ params, query }) {
      const id = auctionIdOf(params)
      const record = await catalogue.get(id, { fresh: query.fresh === 'true' })
      if (record === undefined) throw noSuchAuction(id)
      return auctionAnswer(200, record, now)
    },
  })
}

function eventsRoute({ catalogue }: AuctionRouteDeps): Route {
  return route({
    method: 'get',
    path: '/auctions/:auctionId/events',
    summary: 'The journal as the public may see it, in order and without gaps',
    needsSession: false,
    rate: 'reads',
    price: ({ limit = limitDefault }) => eventsPrice(limit),
    query: eventsQuery,
    answers: { 200: { description: 'Events after seq `after`', schema: eventsPageJson } },
    problems: ['no-such-auction', 'quarantined'],
    async handle({ params, query }) {
      const id = auctionIdOf(params)
      const limit = query.limit ?? limitDefault
      const [currency, page] = await Promise.all([
        catalogue.currencyOf(id),
        catalogue.events(id, { after: query.after ?? 0, limit }),
      ])
      if (currency === undefined || page === undefined) throw noSuchAuction(id)
      const events = page.events.map((event) => encodeEvent(event, currency))
      return { status: 200, json: { epoch: page.epoch, events, seq: page.seq } }
    },
  })
}

function cancelRoute({ catalogue, now }: AuctionRouteDeps): Route {
  return route({
    method: 'post',
    path: '/auctions/:auctionId/cancel',
    summary: 'Call the auction off: the seller, before the first bid',
    needsSession: true,
    rate: 'writes',
    query: noQuery,
    body: z.strictObject({}).optional(),
    answers: { 200: { description: 'The cancelled auction', schema: auctionJson } },
    problems: ['no-such-auction', 'not-seller', 'has-bids', 'closed', 'quarantined', 'overloaded'],
    async handle(call) {
      const id = auctionIdOf(call.params)
      const outcome = await catalogue.cancel(id, signedIn(call).person)
      if (outcome.ok) return auctionAnswer(200, outcome.record, now)
      if (outcome.code === 'no-such-auction') throw noSuchAuction(id)
      const waits = outcome.code === 'overloaded' ? { retryAfterMs: 1_000 } : {}
      throw new Fault(outcome.code, undefined, waits)
    },
  })
}
