import type { Request, RequestHandler, Response } from 'express'
import { groupOf } from '../../lib/ip-address.ts'
import type { Addresses } from '../addresses.ts'
import { bodyFault, queryFault } from '../decode/issue.ts'
import { Fault } from '../fault.ts'
import type { Identity } from '../identity.ts'
import type { IsSecure } from '../is-secure.ts'
import type { Operator } from '../operator.ts'
import type { Rates } from '../rate.ts'
import type { SecurityLog } from '../security-log.ts'
import { identifyCaller } from './caller.ts'
import type { ReadBody } from './read-body.ts'
import { requestIdOf } from './request-id.ts'
import type { Answer, Caller, Route } from './route.ts'

export interface ServeDeps {
  addresses: Addresses
  operator: Operator
  security: SecurityLog
  identity: Identity
  isSecure: IsSecure
  rates: Rates
  readBody: ReadBody
}

/** The order matters: who asks too often, or may not ask, costs no parsing. */
export function serveRoute(route: Route, deps: ServeDeps): RequestHandler {
  return async (req, res) => {
    if (route.rate === 'reads' || route.rate === 'sessions') {
      await takeFrom(deps, route.rate, groupOf(deps.addresses.of(req)))
    }
    if (route.needsOperator !== undefined) checkOperator(route, req, res, deps)
    const caller = route.needsSession ? await identifyCaller(req, deps) : undefined
    if (caller !== undefined && (route.rate === 'writes' || route.rate === 'bids')) {
      await takeFrom(deps, route.rate, caller.person.id)
    }
    const query = route.query.safeParse(req.query)
    if (!query.success) throw queryFault(query.error)
    const body = await checkedBody(route, req, res, deps)
    send(
      res,
      await route.handle({
        params: req.params as Record<string, string>,
        query: query.data,
        body,
        caller,
        isSecure: deps.isSecure(req),
        maySee: deps.operator.maySee(req),
        idempotencyKey: route.takesIdempotencyKey ? idempotencyKeyOf(req) : undefined,
      }),
    )
  }
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

async function takeFrom(
  { rates }: ServeDeps,
  rate: Exclude<Route['rate'], 'none'>,
  key: Caller['token'],
): Promise<void> {
  const retryAfterMs = await rates[rate].take(key)
  if (retryAfterMs !== undefined) throw new Fault('rate-limited', undefined, { retryAfterMs })
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
  const body = route.body.safeParse(json)
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

function send(res: Response, { status, headers, json, text }: Answer): void {
  res.status(status)
  for (const [name, value] of Object.entries(headers ?? {})) res.setHeader(name, value)
  if (!res.hasHeader('Cache-Control')) res.setHeader('Cache-Control', 'no-store')
  if (json !== undefined) {
    res.setHeader('Content-Type', 'application/json; charset=utf-8')
    res.send(JSON.stringify(json))
  } else if (text !== undefined) {
    res.setHeader('Content-Type', text.contentType)
    res.send(text.body)
  } else {
    res.end()
  }
}
