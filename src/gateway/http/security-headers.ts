import type { RequestHandler } from 'express'
import helmet from 'helmet'
import { hostNameOf, isAddress, isLoopbackName } from '../hosts.ts'
import type { IsSecure } from '../is-secure.ts'

/** What is no page may load, send or be framed by nothing. */
export const apiPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** For everything; the content security policy comes with the pages and, as a bare no, with everything else. */
export function securityHeaders(deps: {
  /** TLS is here to stay: ours, or that of a proxy before us. */
  isTlsPromised: boolean
  isSecure: IsSecure
}): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    (req, res, next) => {
      if (deps.isTlsPromised && deps.isSecure(req) && isByName(req.headers.host)) {
        res.setHeader('Strict-Transport-Security', 'max-age=31536000; includeSubDomains')
      }
      res.setHeader('Content-Security-Policy', apiPolicy)
      // The web app's files say otherwise.
      res.setHeader('Cache-Control', 'no-store')
      next()
    },
  ]
}

/** Browsers forget it for addresses; for loopback names it would end every other program's http. */
function isByName(host: string | undefined): boolean {
  const name = host === undefined ? undefined : hostNameOf(host)
  return name !== undefined && !isAddress(name) && !isLoopbackName(name)
}

/**
 * @param connectSources origins of all members: a page moves on to another node by itself
 * @param frameSources whose pages may frame this one; none as a rule
 */
export function pagePolicy(
  connectSources: readonly string[],
  frameSources: readonly string[] = [],
): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    ['connect-src', "'self'", ...connectSources].join(' '),
    "base-uri 'none'",
    "form-action 'self'",
    ['frame-ancestors', ...(frameSources.length > 0 ? frameSources : ["'none'"])].join(' '),
  ].join('; ')
}

/** A service worker has the policy that its script came with. */
export const workerPolicy = "default-src 'none'; connect-src 'self'"
