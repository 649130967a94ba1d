import type { Engine } from '../../engine/engine.ts'
import type { Log } from '../../lib/log.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { placeBidBody } from '../../protocol/http-request.ts'
import { bidAcceptanceJson, type BidRefusalJson, bidTimingJson } from '../../protocol/outcome.ts'
import { bidIdPattern } from '../../protocol/scalar.ts'
import { encodeAcceptance } from '../encode/outcome.ts'
import { Fault } from '../fault.ts'
import { placeBid } from '../place-bid.ts'
import { prices } from '../prices.ts'
import { auctionIdOf } from './auction-routes.ts'
import { route, type Call, type Route } from './route.ts'
import { noSuchAuction, signedIn } from './signed-in.ts'

export interface BidRouteDeps {
  engine: Engine
  nodeId: string
  log: Log
  isDraining: () => boolean
}

export function bidRoutes(deps: BidRouteDeps): Route[] {
  return [placeRoute(deps), lookUpRoute(deps), timingRoute(deps)]
}

function placeRoute(deps: BidRouteDeps): Route {
  return route({
    method: 'post',
    path: '/auctions/:auctionId/bids',
    summary: 'Bid; the same bidId counts once, however often it is sent, to whichever node',
    needsSession: true,
    rate: 'bids',
    query: noQuery,
    body: placeBidBody,
    takesIdempotencyKey: true,
    answers: {
      201: { description: 'In the journal for ever, at seq', schema: bidAcceptanceJson },
    },
    problems: [
      'bad-amount',
      'no-such-auction',
      'bid-too-low',
      'closed',
      'seller-may-not-bid',
      'not-open',
      'own-bid',
      'step-too-large',
      'bid-id-reused',
      'overloaded',
      'closing',
      'draining',
      'quarantined',
      'outcome-unknown',
    ],
    async handle(call) {
      const auctionId = auctionIdOf(call.params)
      const bidId = bidIdOf(call)
      const bidder = signedIn(call).person
      const { amount } = call.body
      const outcome = await placeBid({ auctionId, bidId, bidder, amount }, deps)
      if (outcome.outcome === 'rejected') throw refusal(outcome)
      if (outcome.outcome === 'unknown') {
        throw new Fault('outcome-unknown', undefined, { final: false, retryAfterMs: 1_000 })
      }
      return { status: 201, json: outcome }
    },
  })
}

function bidIdOf(call: Call<unknown, { bidId?: string | undefined }>): string {
  const { idempotencyKey, body } = call
  const pointer = '/bidId'
  if (idempotencyKey === undefined) {
    if (body.bidId !== undefined) return body.bidId
    throw new Fault('bad-request', 'A bid has a bidId, or an Idempotency-Key.', { pointer })
  }
  if (body.bidId !== undefined && body.bidId !== idempotencyKey) {
    throw new Fault('bad-request', 'bidId and Idempotency-Key differ.', { pointer })
  }
  if (bidIdPattern.test(idempotencyKey)) return idempotencyKey
  throw new Fault('bad-request', 'A bidId has 8 to 64 of A-Z a-z 0-9 _ -.', { pointer })
}

function refusal(refused: BidRefusalJson): Fault {
  const { code, outcome: _outcome, bidId: _bidId, ...facts } = refused
  return new Fault(code, undefined, facts)
}

function lookUpRoute({ engine }: BidRouteDeps): Route {
  const { catalogue } = engine
  return route({
    method: 'get',
    path: '/auctions/:auctionId/bids/:bidId',
    summary: "What became of one of the caller's bids",
    needsSession: true,
    rate: 'reads',
    price: prices.bidLookUp,
    query: noQuery,
    answers: { 200: { description: 'It was accepted', schema: bidAcceptanceJson } },
    problems: ['no-such-auction', 'not-in-journal', 'quarantined'],
    async handle(call) {
      const auctionId = auctionIdOf(call.params)
      const bidId = call.params['bidId'] ?? ''
      if (!bidIdPattern.test(bidId)) {
        throw new Fault('bad-request', 'A bidId has 8 to 64 of A-Z a-z 0-9 _ -.')
      }
      const [currency, found] = await Promise.all([
        catalogue.currencyOf(auctionId),
        catalogue.bid(auctionId, signedIn(call).person, bidId),
      ])
      if (currency === undefined || found.found === 'no-such-auction')
        throw noSuchAuction(auctionId)
      if (!found.found) throw new Fault('not-in-journal', undefined, { final: found.final })
      return { status: 200, json: encodeAcceptance(found.acceptance, currency) }
    },
  })
}

function timingRoute({ engine, nodeId }: BidRouteDeps): Route {
  return route({
    method: 'get',
    path: '/auctions/:auctionId/bids/:bidId/timing',
    summary: "Where the time of one of the caller's newest bids went, if this node took it",
    needsSession: true,
    rate: 'reads',
    query: noQuery,
    answers: { 200: { description: 'In ms, or null', schema: bidTimingJson } },
    problems: ['no-such-auction'],
    async handle(call) {
      const auctionId = auctionIdOf(call.params)
      const bidId = call.params['bidId'] ?? ''
      const timing = engine.bidding.timing(auctionId, signedIn(call).person, bidId)
      return { status: 200, json: { nodeId, timing: timing ?? null } }
    },
  })
}
