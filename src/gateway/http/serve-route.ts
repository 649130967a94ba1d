import type { Request, RequestHandler, Response } from 'express'
import type { Guests } from '../../engine/engine.ts'
import type { Addresses } from '../addresses.ts'
import type { SessionCookies } from '../cookie.ts'
import { checkShape } from '../decode/check-shape.ts'
import { bodyFault, queryFault } from '../decode/issue.ts'
import { Fault } from '../fault.ts'
import type { Identity } from '../identity.ts'
import type { Operator } from '../operator.ts'
import { bytesPrice, prices } from '../prices.ts'
import type { Rates, Spender } from '../rate.ts'
import type { SecurityLog } from '../security-log.ts'
import { findCaller, identifyCaller, sessionIsOver } from './caller.ts'
import type { ReadBody } from './read-body.ts'
import { requestIdOf } from './request-id.ts'
import type { Answer, Caller, Route } from './route.ts'

export interface ServeDeps {
  addresses: Addresses
  operator: Operator
  security: SecurityLog
  identity: Identity
  guests: Pick<Guests, 'standing'>
  cookies: SessionCookies
  rates: Rates
  readBody: ReadBody
  /** A body of so many bytes was made for this answer alone. */
  onBody: (res: Response, bytes: number) => void
}

/** The order matters: who asks too often, or may not ask, costs no parsing. */
export function serveRoute(route: Route, deps: ServeDeps): RequestHandler {
  return async (req, res) => {
    const by = { address: deps.addresses.of(req), requestId: requestIdOf(res) }
    const isByPerson = route.rate === 'writes' || route.rate === 'bids'
    if (!isByPerson) payFirst(route, by, deps)
    if (route.needsOperator !== undefined) checkOperator(route, req, res, deps)
    const caller = await callerOf(route, req, by, deps)
    if (isByPerson) payFirst(route, { ...by, personId: caller?.person.id }, deps)
    const query = checkShape(route.query, req.query)
    if (!query.success) throw queryFault(query.error)
    payRest(route, query.data, by, deps)
    const body = await checkedBody(route, req, res, deps)
    // It may have ended while the body came.
    if (caller !== undefined && deps.guests.standing(caller.session) === 'ended') {
      throw new Fault('sign-in-first', sessionIsOver)
    }
    const answer = await route
      .handle({
        params: req.params as Record<string, string>,
        query: query.data,
        body,
        caller,
        maySee: deps.operator.maySee(req),
        idempotencyKey: route.takesIdempotencyKey ? idempotencyKeyOf(req) : undefined,
        ...by,
        cookies: {
          write: (token, maxAgeMs) => deps.cookies.write(req, token, maxAgeMs),
          clear: () => deps.cookies.clear(req),
        },
      })
      .catch((error: unknown) => {
        const isUnknown = error instanceof Fault && error.code === 'no-such-auction'
        if (isUnknown) deps.rates.charge('reads', by, prices.unknownAuction)
        throw error
      })
    const bytes = send(res, answer, deps)
    if (route.rate !== 'none' && bytesPrice(bytes) > 0) {
      deps.rates.charge('reads', by, bytesPrice(bytes))
    }
  }
}

async function callerOf(
  route: Route,
  req: Request,
  by: Spender,
  deps: ServeDeps,
): Promise<Caller | undefined> {
  if (route.needsSession) return identifyCaller(req, by, deps)
  if (route.takesSession !== true) return undefined
  const caller = await findCaller(req, by, deps)
  return caller === 'unknown' ? undefined : caller
}

/** Before anything is looked at; where the price depends on the query, the least that it can be. */
function payFirst({ rate, price }: Route, by: Spender, { rates }: ServeDeps): void {
  if (rate !== 'none') rates.take(rate, by, typeof price === 'number' ? price : 1)
}

function payRest({ rate, price }: Route, query: unknown, by: Spender, { rates }: ServeDeps): void {
  if (rate === 'none' || typeof price !== 'function') return
  const rest = price(query) - 1
  if (rest > 0) rates.take(rate, by, rest)
}

function checkOperator(route: Route, req: Request, res: Response, deps: ServeDeps): void {
  const { addresses, operator, security } = deps
  const facts = {
    address: addresses.of(req),
    requestId: requestIdOf(res),
    detail: `${route.method} ${route.path}`,
  }
  if (route.needsOperator === 'unless-open' && operator.maySee(req)) return
  const isAsking = operator.isAsking(req)
  security.note(isAsking ? 'operator-acted' : 'operator-refused', facts)
  if (!isAsking) throw new Fault('operator-only')
}

async function checkedBody(
  route: Route,
  req: Request,
  res: Response,
  { readBody }: ServeDeps,
): Promise<unknown> {
  if (route.method === 'get') return undefined
  const json = await readBody(req, res)
  if (route.body === undefined) {
    if (json === undefined || isEmptyObject(json)) return undefined
    throw new Fault('bad-json', 'This call takes no body.')
  }
  const body = checkShape(route.body, json)
  if (!body.success) throw bodyFault(body.error)
  return body.data
}

function isEmptyObject(json: unknown): boolean {
  return typeof json === 'object' && json !== null && Object.keys(json).length === 0
}

/** Quoted, as the IETF draft has it, or bare. */
function idempotencyKeyOf(req: Request): string | undefined {
  const header = req.get('Idempotency-Key')
  if (header === undefined) return undefined
  const key = /^"(.*)"$/.exec(header)?.[1] ?? header
  if (/^[\x21-\x7e]{1,128}$/.test(key)) return key
  throw new Fault('bad-request', 'An Idempotency-Key has 1 to 128 visible ASCII characters.')
}

/** @returns how many bytes the answer has */
function send(
  res: Response,
  { status, headers, json, text }: Answer,
  { onBody }: ServeDeps,
): number {
  res.status(status)
  for (const [name, value] of Object.entries(headers ?? {})) res.setHeader(name, value)
  if (json !== undefined) {
    res.setHeader('Content-Type', 'application/json; charset=utf-8')
    const body = Buffer.from(JSON.stringify(json))
    onBody(res, body.length)
    res.send(body)
    return body.length
  }
  if (text !== undefined) {
    res.setHeader('Content-Type', text.contentType)
    res.send(text.body)
    return text.body.length
  }
  res.end()
  return 0
}
