import type { RequestHandler } from 'express'

/** A request that is turned away, and why. */
export class ControlRefusal extends Error {
  override readonly name = 'ControlRefusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

const isSafe = (method: string) => ['GET', 'HEAD'].includes(method)

/**
 * The control kills processes, so it answers under loopback names only (a foreign name that was made to resolve to us is
 * turned away), and does something only where a page of the demo or of its nodes asks: a browser always says which page asks.
 */
export function createControlGuard(ports: {
  ownPort: number
  nodePorts: readonly number[]
}): RequestHandler {
  const hosts = namesAt([ports.ownPort])
  const origins = namesAt([ports.ownPort, ...ports.nodePorts]).map((name) => `http://${name}`)
  return (req, res, next) => {
    if (!hosts.includes(req.get('Host') ?? '')) {
      const detail = `Open the demo at http://${hosts[0] ?? ''}/: it answers under no other name.`
      throw new ControlRefusal(403, 'host-not-allowed', detail)
    }
    const origin = req.get('Origin')
    const isAllowed = origin !== undefined && origins.includes(origin)
    if (!isSafe(req.method) && !isAllowed) {
      const detail =
        'Only pages of this demo and of its nodes may do that, and must say so (Origin).'
      throw new ControlRefusal(403, 'origin-not-allowed', detail)
    }
    res.vary('Origin')
    if (isAllowed) res.setHeader('Access-Control-Allow-Origin', origin)
    next()
  }
}

function namesAt(ports: readonly number[]): string[] {
  const names = ['127.0.0.1', 'localhost', '[::1]']
  return ports.flatMap((port) => names.map((name) => `${name}:${port}`))
}
