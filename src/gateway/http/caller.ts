import type { Request } from 'express'
import type { SessionCookies } from '../cookie.ts'
import { Fault } from '../fault.ts'
import type { Identity } from '../identity.ts'
import type { Spender } from '../rate.ts'
import type { Caller } from './route.ts'

export interface CallerDeps {
  identity: Identity
  cookies: SessionCookies
}

/** @throws Fault `sign-in-first` without a token, or with one that nobody knows */
export async function identifyCaller(req: Request, by: Spender, deps: CallerDeps): Promise<Caller> {
  const caller = await findCaller(req, by, deps)
  if (caller === undefined) throw new Fault('sign-in-first')
  if (caller === 'unknown') throw new Fault('sign-in-first', sessionIsOver)
  return caller
}

/** Undefined without a token. */
export async function findCaller(
  req: Request,
  by: Spender,
  { identity, cookies }: CallerDeps,
): Promise<Caller | 'unknown' | undefined> {
  const bearer = bearerToken(req.headers.authorization)
  const token = bearer ?? cookies.read(req)
  if (token === undefined) return undefined
  const session = await identity.identify(token, by)
  if (session === undefined) return 'unknown'
  return { person: session.person, token, session, isByCookie: bearer === undefined }
}

export const sessionIsOver = 'This session is unknown or ended.'

/** A header that is there counts, even one that makes no sense: it must not fall back to somebody's cookie. */
function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? ''
}
