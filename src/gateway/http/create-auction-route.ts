import type { Catalogue, CreateOutcome, NewAuction } from '../../engine/engine.ts'
import { auctionJson } from '../../protocol/auction.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { createAuctionBody } from '../../protocol/http-request.ts'
import { apiPath } from '../../protocol/version.ts'
import { decodeNewAuction } from '../decode/new-auction.ts'
import { Fault } from '../fault.ts'
import type { AuctionQuota, Place } from '../growth/auction-quota.ts'
import type { ShownTime } from '../shown-time.ts'
import { auctionAnswer } from './auction-routes.ts'
import { route, type Route } from './route.ts'
import { signedIn } from './signed-in.ts'

export function createAuctionRoute(deps: {
  catalogue: Catalogue
  now: ShownTime
  quota: AuctionQuota
  /** @throws Fault `store-full` */
  refuseWhenFull: () => void
}): Route {
  const { now } = deps
  return route({
    method: 'post',
    path: '/auctions',
    summary: 'Offer a lot: the caller is the seller',
    needsSession: true,
    rate: 'writes',
    query: noQuery,
    body: createAuctionBody,
    takesIdempotencyKey: true,
    answers: {
      201: {
        description: 'The auction; the same one when asked again with the same key',
        schema: auctionJson,
        headers: { Location: 'Where it is', ETag: 'The seq' },
      },
    },
    problems: [
      'bad-amount',
      'bad-conditions',
      'idempotency-key-reused',
      'too-many-auctions',
      'store-full',
    ],
    async handle(call) {
      const { person } = signedIn(call)
      const auction = decodeNewAuction(call.body, person, call.idempotencyKey)
      const outcome = await create(deps, auction, call.address)
      if (!outcome.ok) throw refusal(outcome)
      const answer = auctionAnswer(201, outcome.record, now)
      const location = `${apiPath}/auctions/${outcome.record.id}`
      return { ...answer, headers: { ...answer.headers, Location: location } }
    },
  })
}

type CreateDeps = Parameters<typeof createAuctionRoute>[0]

/** What refuses a new auction does not refuse the answer to one that was made before. */
async function create(
  { catalogue, quota, refuseWhenFull }: CreateDeps,
  auction: NewAuction,
  address: string,
): Promise<CreateOutcome> {
  let place: Place
  try {
    refuseWhenFull()
    place = await placeFrom(quota, address)
  } catch (error) {
    const before = error instanceof Fault ? await catalogue.createdBefore(auction) : undefined
    if (before === undefined) throw error
    return before
  }
  try {
    const outcome = await catalogue.create(auction)
    if (outcome.ok) place.made(outcome.record.id)
    return outcome
  } finally {
    place.free()
  }
}

async function placeFrom(quota: AuctionQuota, address: string): Promise<Place> {
  const place = await quota.reserve(address)
  if (place !== undefined) return place
  const detail = 'Too many auctions that were made from this address are scheduled or open.'
  throw new Fault('too-many-auctions', detail)
}

type Refused = Exclude<Awaited<ReturnType<Catalogue['create']>>, { ok: true }>

function refusal(outcome: Refused): Fault {
  if (outcome.code === 'idempotency-key-reused') return new Fault(outcome.code)
  if (outcome.code === 'too-many-auctions') {
    const whose = outcome.of === 'seller' ? 'of yours' : 'in all'
    return new Fault(outcome.code, `Too many auctions ${whose} are scheduled or open.`)
  }
  const pointer = pointerOf(outcome.field)
  return new Fault('bad-conditions', `${pointer}: ${outcome.detail}`, { pointer })
}

/** The rules name fields by their own path (`increments[0].stepMinor`), callers by theirs (`/increment/0/step`). */
function pointerOf(field: string): string {
  const path = field
    .replace(/^increments/, 'increment')
    .replaceAll('Minor', '')
    .replaceAll(/\[(\d+)\]/g, '.$1')
  return `/${path.replaceAll('.', '/')}`
}
