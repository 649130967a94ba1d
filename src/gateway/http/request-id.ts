import type { RequestHandler, Response } from 'express'

const requestIdHeader = 'X-Request-Id'
const fit = /^[A-Za-z0-9._-]{1,64}$/

/** Takes over the caller's id where it is fit for a log, else numbers the requests of this process. */
export function nameRequests(deps: { nodeId: string; startedAtMs: number }): RequestHandler {
  const prefix = Math.floor(deps.startedAtMs).toString(36)
  let requestCount = 0
  return (req, res, next) => {
    const given = req.get(requestIdHeader)
    requestCount++
    const own = `${prefix}-${requestCount.toString(36)}`
    res.setHeader(requestIdHeader, given !== undefined && fit.test(given) ? given : own)
    res.setHeader('X-Lotkeeper-Node', deps.nodeId)
    next()
  }
}

export function requestIdOf(res: Response): string {
  return String(res.getHeader(requestIdHeader))
}
