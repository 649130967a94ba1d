import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { parseAmount } from '../../src/auction/money.ts'
import type { Person } from '../../src/auction/person.ts'
import { encodeAuction } from '../../src/gateway/encode/auction.ts'
import { encodeEvent } from '../../src/gateway/encode/event.ts'
import { must } from '../../src/lib/assert.ts'
import type { ClusterJson, LockTurnsJson } from '../../src/protocol/http.ts'
import type { CreateAuctionBody } from '../../src/protocol/http-request.ts'
import { placeStubBid } from './stub-bidding.ts'
import type { BidTimingJson } from '../../src/protocol/outcome.ts'
import type { StubLots } from './stub-lots.ts'

export interface StubApi {
  readonly nodeId: string
  readonly lots: StubLots
  /** By token. */
  readonly guests: Map<string, Person>
  cluster(): ClusterJson
  lockTurns(): LockTurnsJson
}

interface Call {
  readonly api: StubApi
  readonly query: URLSearchParams
  readonly body: Record<string, unknown>
  readonly caller: Person | undefined
  /** What the path's pattern caught. */
  readonly id: string
}
type Answer = [status: number, body: object]

const routes: [method: string, path: RegExp, answer: (call: Call) => Answer][] = [
  ['POST', /^\/session$/, createSession],
  ['POST', /^\/session\/token$/, pageToken],
  ['GET', /^\/session$/, ({ caller }) => (caller ? [200, { user: caller }] : signInFirst)],
  ['GET', /^\/auctions$/, listAuctions],
  ['POST', /^\/auctions$/, createAuction],
  ['GET', /^\/auctions\/(\w+)$/, ({ api, id }) => one(api, id)],
  ['POST', /^\/auctions\/(\w+)\/bids$/, placeBid],
  ['GET', /^\/auctions\/(\w+)\/bids\/[\w-]+\/timing$/, ({ api }) => [200, timingOf(api)]],
  ['GET', /^\/auctions\/(\w+)\/events$/, listEvents],
  ['POST', /^\/auctions\/(\w+)\/cancel$/, cancelAuction],
  ['GET', /^\/cluster$/, ({ api }) => [200, api.cluster()]],
  ['GET', /^\/cluster\/lock-turns$/, ({ api }) => [200, api.lockTurns()]],
]

/** The calls that the pages make, over the lots of the stub cluster. */
export async function answerStubApi(
  api: StubApi,
  req: IncomingMessage,
  res: ServerResponse,
): Promise<void> {
  const url = new URL(req.url ?? '/', 'http://stub')
  const path = url.pathname.replace(/^\/api\/v1/, '')
  const token = req.headers.authorization?.replace('Bearer ', '') ?? cookieOf(req)
  const text = (await req.toArray()).join('')
  const body = (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>
  const route = routes.find(([method, pattern]) => method === req.method && pattern.test(path))
  const [status, answer] =
    route === undefined
      ? problem(404, 'no-such-route')
      : route[2]({
          api,
          query: url.searchParams,
          body,
          caller: token === undefined ? undefined : api.guests.get(token),
          id: route[1].exec(path)?.[1] ?? '',
        })
  res.writeHead(status, {
    'content-type': status < 400 ? 'application/json' : 'application/problem+json',
    'x-lotkeeper-node': api.nodeId,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'x-lotkeeper-node',
    ...('token' in answer && {
      'set-cookie': `${cookieNameOf(req)}=${String(answer.token)}; Path=/; HttpOnly`,
    }),
  })
  if (status === 204) res.end()
  else res.end(JSON.stringify(answer))
}

function timingOf({ nodeId }: StubApi): BidTimingJson {
  return { nodeId, timing: { waitedMs: 0.4, lockMs: 0, commitMs: 3.2, batchSize: 2 } }
}

function problem(status: number, code: string, more: object = {}): Answer {
  return [status, { status, code, title: code, ...more }]
}

const signInFirst = problem(401, 'sign-in-first', { detail: 'This needs a session' })

function createSession({ api, body }: Call): Answer {
  const user = { id: randomUUID(), name: String(body['name']) }
  const token = `token-of-${user.id}`
  api.guests.set(token, user)
  return [201, { token, user }]
}

/** The stub's page tokens are the session's own. */
function pageToken({ api, caller }: Call): Answer {
  const token = [...api.guests].find(([, person]) => person === caller)?.[0]
  if (token === undefined) return [204, {}]
  return [201, { token, user: caller, expiresAt: new Date(Date.now() + 86_400_000).toISOString() }]
}

const cookieNameOf = ({ headers }: IncomingMessage) => `stub-${headers.host?.split(':')[1]}`

function cookieOf(req: IncomingMessage): string | undefined {
  const { origin, host, cookie } = req.headers
  if (origin !== undefined && origin !== `http://${host}`) return undefined
  return new RegExp(`${cookieNameOf(req)}=([^;]+)`).exec(cookie ?? '')?.[1]
}

function one(api: StubApi, id: string): Answer {
  const record = api.lots.record(id)
  if (record === undefined) return problem(404, 'no-such-auction')
  return [200, encodeAuction(record, Date.now())]
}

function listAuctions({ api, query }: Call): Answer {
  const phase = query.get('phase')
  const items = api.lots
    .all()
    .filter(({ auction }) => phase === null || auction.phase === phase)
    .sort((a, b) => a.auction.endsAt - b.auction.endsAt)
  const start = Number(query.get('cursor') ?? 0)
  const end = start + Number(query.get('limit') ?? 50)
  const page = items.slice(start, end).map((record) => encodeAuction(record, Date.now()))
  return [200, { items: page, nextCursor: end < items.length ? String(end) : null }]
}

function createAuction({ api, body, caller }: Call): Answer {
  if (caller === undefined) return signInFirst
  const wanted = body as CreateAuctionBody
  if (wanted.title.includes('forbidden')) {
    return problem(400, 'bad-request', { detail: 'no such word here', pointer: '/title' })
  }
  const currency = wanted.currency ?? 'USD'
  const minor = (amount: unknown) => must(parseAmount(amount as string, currency), 'amount')
  const id = api.lots.create({
    title: wanted.title,
    description: wanted.description ?? '',
    seller: caller,
    currency,
    startPriceMinor: minor(wanted.startPrice),
    increments: [{ fromMinor: 0, stepMinor: minor(wanted.increment) }],
    endsAt: Date.now() + (wanted.durationMs ?? 0),
    softClose: (wanted.softClose ?? null) as null,
  })
  return [201, one(api, id)[1]]
}

function placeBid({ api, id, body, caller }: Call): Answer {
  if (caller === undefined) return signInFirst
  const frame = { bidId: String(body['bidId']), auctionId: id, amount: String(body['amount']) }
  const outcome = placeStubBid(api.lots, caller, frame)
  if (outcome.outcome === 'accepted') return [201, outcome]
  return problem(409, outcome.outcome === 'rejected' ? outcome.code : 'outcome-unknown', outcome)
}

function listEvents({ api, id, query }: Call): Answer {
  const record = api.lots.record(id)
  if (record === undefined) return problem(404, 'no-such-auction')
  const after = Number(query.get('after') ?? 0)
  const events = api.lots
    .events(id)
    .slice(after, after + Number(query.get('limit') ?? 50))
    .map((event) => encodeEvent(event, record.auction.currency))
  return [200, { epoch: record.epoch, events, seq: record.auction.seq }]
}

function cancelAuction({ api, id, caller }: Call): Answer {
  if (caller === undefined) return signInFirst
  const rejection = api.lots.command(id, { type: 'CancelAuction', at: Date.now(), by: caller })
  return rejection === undefined ? one(api, id) : problem(409, rejection.code)
}
