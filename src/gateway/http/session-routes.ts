import type { GuestSession, Guests, NewSession } from '../../engine/engine.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { createSessionBody } from '../../protocol/http-request.ts'
import { newSessionJson, pageTokenJson, sessionJson, ticketJson } from '../../protocol/http.ts'
import type { GuestQuota } from '../growth/guest-quota.ts'
import { encodePerson } from '../encode/person.ts'
import { Fault } from '../fault.ts'
import type { Identity } from '../identity.ts'
import { formatInstant } from '../instant.ts'
import { prices } from '../prices.ts'
import type { SecurityLog } from '../security-log.ts'
import { type Call, route, type Route } from './route.ts'
import { signedIn } from './signed-in.ts'

export interface SessionRouteDeps {
  guests: Guests
  identity: Identity
  security: SecurityLog
  nowMs: () => number
  /** Whether there is room for one more. */
  quota: GuestQuota
  /** @throws Fault `store-full` */
  refuseWhenFull: () => void
}

type AnyCall = Call<unknown, unknown>

export function sessionRoutes(deps: SessionRouteDeps): Route[] {
  return [createRoute(deps), whoRoute(), endRoute(deps), tokenRoute(deps), ticketRoute(deps)]
}

function createRoute(deps: SessionRouteDeps): Route {
  const { identity, security, nowMs } = deps
  return route({
    method: 'post',
    path: '/session',
    summary: 'Become a guest with a name, or sign in with a ticket of another node',
    needsSession: false,
    takesSession: true,
    rate: 'sessions',
    query: noQuery,
    body: createSessionBody,
    answers: {
      201: {
        description:
          'A session that every node accepts; the token is shown this once. Another session that the caller had ends',
        schema: newSessionJson,
        headers: { 'Set-Cookie': 'The token, HttpOnly and SameSite=Strict' },
      },
    },
    problems: ['sign-in-first', 'too-many-guests', 'store-full'],
    async handle(call) {
      const { body, caller } = call
      const made = 'ticket' in body ? await redeem(identity, call, body.ticket) : undefined
      if (made === undefined) deps.refuseWhenFull()
      const isSame = made !== undefined && made.person.id === caller?.person.id
      const session = made ?? (await become('name' in body ? body.name : '', call.address, deps))
      if (caller !== undefined && !isSame) await end(deps, caller.session, call, 'replaced')
      const { token, person, expiresAt } = session
      security.note('signed-in', factsOf(call, person.id, made && 'by ticket'))
      return {
        status: 201,
        headers: { 'Set-Cookie': call.cookies.write(token, expiresAt - nowMs()) },
        json: { token, user: encodePerson(person) },
      }
    },
  })
}

/** @throws Fault `too-many-guests` */
async function become(
  name: string,
  address: string,
  { guests, quota }: SessionRouteDeps,
): Promise<NewSession> {
  const giveBack = quota.take(address)
  return guests.create(name).catch((error: unknown) => {
    giveBack()
    throw error
  })
}

async function redeem(identity: Identity, by: AnyCall, ticket: string): Promise<NewSession> {
  const { address, requestId } = by
  const made = await identity.redeem(ticket, { address, requestId })
  if (made === undefined) throw new Fault('sign-in-first', 'This ticket is unknown, used or over.')
  return made
}

function whoRoute(): Route {
  return route({
    method: 'get',
    path: '/session',
    summary: 'Who the caller is',
    needsSession: true,
    rate: 'reads',
    query: noQuery,
    answers: { 200: { description: 'The person of this session', schema: sessionJson } },
    problems: [],
    async handle(call) {
      return { status: 200, json: { user: encodePerson(signedIn(call).person) } }
    },
  })
}

function endRoute(deps: SessionRouteDeps): Route {
  return route({
    method: 'delete',
    path: '/session',
    summary: 'End the session, on every node',
    needsSession: true,
    rate: 'writes',
    query: noQuery,
    answers: {
      204: { description: 'No token of it is good here from now on, nor on any node 2 s later' },
    },
    problems: ['overloaded'],
    async handle(call) {
      await end(deps, signedIn(call).session, call)
      return { status: 204, headers: { 'Set-Cookie': call.cookies.clear() } }
    },
  })
}

function tokenRoute({ guests, nowMs }: SessionRouteDeps): Route {
  return route({
    method: 'post',
    path: '/session/token',
    summary: 'A token for the memory of a page that has only its cookie',
    needsSession: false,
    takesSession: true,
    rate: 'reads',
    price: prices.pageToken,
    query: noQuery,
    answers: {
      201: {
        description: 'Another token of the same session; it ends with it, and by itself',
        schema: pageTokenJson,
      },
      204: { description: 'Nobody is signed in' },
    },
    problems: [],
    async handle({ caller, cookies }) {
      if (caller === undefined) return { status: 204 }
      const { session, token: shown, person } = caller
      const { token, expiresAt } = await guests.pageToken(session, shown)
      const user = encodePerson(person)
      // The cookie's end moves with the session's.
      const again = cookies.write(shown, session.expiresAt - nowMs())
      return {
        status: 201,
        ...(caller.isByCookie && { headers: { 'Set-Cookie': again } }),
        json: { token, user, expiresAt: formatInstant(expiresAt) },
      }
    },
  })
}

function ticketRoute({ guests }: SessionRouteDeps): Route {
  return route({
    method: 'post',
    path: '/session/ticket',
    summary: 'What signs this person in on another node, once, within 30 s',
    needsSession: true,
    rate: 'writes',
    query: noQuery,
    answers: { 201: { description: 'For POST /session or hello there', schema: ticketJson } },
    problems: ['outcome-unknown'],
    async handle(call) {
      const { ticket, expiresAt } = await guests.issueTicket(signedIn(call).session)
      return { status: 201, json: { ticket, expiresAt: formatInstant(expiresAt) } }
    },
  })
}

async function end(
  { guests, security }: SessionRouteDeps,
  session: GuestSession,
  call: AnyCall,
  why?: 'replaced',
): Promise<void> {
  await guests.end(session)
  security.note('signed-out', factsOf(call, session.person.id, why))
}

function factsOf({ address, requestId }: AnyCall, personId: string, detail: string | undefined) {
  return { address, requestId, personId, ...(detail !== undefined && { detail }) }
}
