import type { Request, RequestHandler, Response } from 'express'
import type { Addresses } from '../addresses.ts'
import { Fault } from '../fault.ts'
import type { IsSecure } from '../is-secure.ts'
import type { Origins } from '../origins.ts'
import type { SecurityLog } from '../security-log.ts'
import { requestIdOf } from './request-id.ts'

const isSafe = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/**
 * CORS for the pages of all members, and a no to everybody else's writes: a request that changes something must come from
 * an allowed page, or from no page at all (then it has no Origin, and no browser says that it crossed sites).
 */
export function crossOrigin(deps: {
  origins: Origins
  isSecure: IsSecure
  addresses: Addresses
  security: SecurityLog
}): RequestHandler {
  const { origins, isSecure, addresses, security } = deps
  const refuse = (req: Request, res: Response) => {
    const requestId = requestIdOf(res)
    security.note('origin-refused', { address: addresses.of(req), requestId, detail: 'http' })
    return new Fault('origin-not-allowed')
  }
  return (req, res, next) => {
    const origin = req.get('Origin')
    res.vary('Origin')
    if (origin === undefined) {
      const site = req.get('Sec-Fetch-Site')
      if (!isSafe(req.method) && (site === 'cross-site' || site === 'same-site')) {
        throw refuse(req, res)
      }
      next()
      return
    }
    const isAllowed = origins.isAllowed(origin, {
      host: req.headers.host,
      isSecure: isSecure(req),
    })
    const isPreflight =
      req.method === 'OPTIONS' && req.get('Access-Control-Request-Method') !== undefined
    if (!isAllowed && (isPreflight || !isSafe(req.method))) throw refuse(req, res)
    if (isAllowed) {
      res.setHeader('Access-Control-Allow-Origin', origin)
      res.setHeader(
        'Access-Control-Expose-Headers',
        'ETag, Location, Retry-After, X-Lotkeeper-Node, X-Request-Id',
      )
    }
    if (!isPreflight) {
      next()
      return
    }
    res.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE')
    res.setHeader(
      'Access-Control-Allow-Headers',
      'Authorization, Content-Type, Idempotency-Key, X-Request-Id',
    )
    res.setHeader('Access-Control-Max-Age', '600')
    res.status(204).end()
  }
}
