import type { Request } from 'express'
import { readSessionCookie } from '../cookie.ts'
import { Fault } from '../fault.ts'
import type { Identity } from '../identity.ts'
import type { Spender } from '../rate.ts'
import type { Caller } from './route.ts'

/** @throws Fault `sign-in-first` without a token, or with one that nobody knows */
export async function identifyCaller(
  req: Request,
  by: Spender,
  identity: Identity,
): Promise<Caller> {
  const token = bearerToken(req.headers.authorization) ?? readSessionCookie(req.headers.cookie)
  if (token === undefined) throw new Fault('sign-in-first')
  const person = await identity.identify(token, by)
  if (person === undefined) throw new Fault('sign-in-first', 'This session is unknown or ended.')
  return { person, token }
}

/** A header that is there counts, even one that makes no sense: it must not fall back to somebody's cookie. */
function bearerToken(header: string | undefined): string | undefined {
  if (header === undefined) return undefined
  return /^Bearer +(\S+) *$/i.exec(header)?.[1] ?? ''
}
