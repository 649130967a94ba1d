import type { Guests } from '../../engine/engine.ts'
import { noQuery } from '../../protocol/http-query.ts'
import { createSessionBody } from '../../protocol/http-request.ts'
import { newSessionJson, sessionJson } from '../../protocol/http.ts'
import { clearSessionCookie, writeSessionCookie } from '../cookie.ts'
import { encodePerson } from '../encode/person.ts'
import { route, type Route } from './route.ts'
import { signedIn } from './signed-in.ts'

export function sessionRoutes(deps: {
  guests: Guests
  /** Tells the sockets of this node. */
  onEnded: (token: string) => void
}): Route[] {
  const { guests, onEnded } = deps
  return [
    route({
      method: 'post',
      path: '/session',
      summary: 'Become a guest with a name',
      needsSession: false,
      rate: 'sessions',
      query: noQuery,
      body: createSessionBody,
      answers: {
        201: {
          description: 'A session that every node accepts; the token is shown this once',
          schema: newSessionJson,
          headers: { 'Set-Cookie': 'The token, HttpOnly and SameSite=Lax' },
        },
      },
      problems: [],
      async handle({ body, isSecure }) {
        const { token, person } = await guests.create(body.name)
        return {
          status: 201,
          headers: { 'Set-Cookie': writeSessionCookie(token, isSecure) },
          json: { token, user: encodePerson(person) },
        }
      },
    }),
    route({
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
    }),
    route({
      method: 'delete',
      path: '/session',
      summary: 'End the session, on every node',
      needsSession: true,
      rate: 'writes',
      query: noQuery,
      answers: { 204: { description: 'The token is void from now on' } },
      problems: [],
      async handle(call) {
        const { token } = signedIn(call)
        await guests.end(token)
        onEnded(token)
        return { status: 204, headers: { 'Set-Cookie': clearSessionCookie(call.isSecure) } }
      },
    }),
  ]
}
