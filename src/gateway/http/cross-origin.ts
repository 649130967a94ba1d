import type { RequestHandler } from 'express'
import { Fault } from '../fault.ts'
import type { Origins } from '../origins.ts'

const isSafe = (method: string) => ['GET', 'HEAD', 'OPTIONS'].includes(method)

/**
 * CORS for the pages of all members, and a no to everybody else's writes: a request that changes something must come from
 * an allowed page, or from no page at all (then it has no Origin, and no browser says that it crossed sites).
 */
export function crossOrigin(origins: Origins): RequestHandler {
  return (req, res, next) => {
    const origin = req.get('Origin')
    res.vary('Origin')
    if (origin === undefined) {
      const site = req.get('Sec-Fetch-Site')
      if (!isSafe(req.method) && (site === 'cross-site' || site === 'same-site')) {
        throw new Fault('origin-not-allowed')
      }
      next()
      return
    }
    const isAllowed = origins.isAllowed(origin, req.get('Host'))
    const isPreflight =
      req.method === 'OPTIONS' && req.get('Access-Control-Request-Method') !== undefined
    if (!isAllowed && (isPreflight || !isSafe(req.method))) throw new Fault('origin-not-allowed')
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
