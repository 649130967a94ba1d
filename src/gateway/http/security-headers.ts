import type { RequestHandler } from 'express'
import helmet from 'helmet'

/** What is no page may load, send or be framed by nothing. */
export const apiPolicy =
  "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** For everything; the content security policy comes with the pages and, as a bare no, with everything else. */
export function securityHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: false,
      // Whether https is in front only the operator knows; whoever ends TLS sets this.
      strictTransportSecurity: false,
      xFrameOptions: { action: 'deny' },
    }),
    (_req, res, next) => {
      res.setHeader('Content-Security-Policy', apiPolicy)
      // The web app's files say otherwise.
      res.setHeader('Cache-Control', 'no-store')
      next()
    },
  ]
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
