import type { IncomingMessage } from 'node:http'

/** The guest session as a cookie. */
export interface SessionCookies {
  /** What a request brought; undefined as well where it comes from a page that this origin did not serve. */
  read(request: IncomingMessage): string | undefined
  /** The header Set-Cookie. @param maxAgeMs until the session's end */
  write(request: IncomingMessage, token: string, maxAgeMs: number): string
  clear(request: IncomingMessage): string
  /** As it is called where the port is that of the scheme. */
  readonly name: string
}

/**
 * Browsers send cookies to every port of a host: the name therefore carries the cluster and, where there is one, the port by
 * which the browser reached us. Pages of other origins, another node's on the same host among them, do not speak by it.
 */
export function createSessionCookies(deps: {
  /** Letters, digits, `-` and `_`. */
  clusterName: string
  /** Whether the browser reached us over https; it would drop a Secure cookie otherwise. */
  isSecure: (request: IncomingMessage) => boolean
  ownUrl: () => string
}): SessionCookies {
  const { clusterName, isSecure, ownUrl } = deps
  const nameFor = (secure: boolean, host: string | undefined) => {
    const port = /:(\d{1,5})$/.exec(host ?? '')?.[1]
    const prefix = secure ? '__Host-lotkeeper-' : 'lotkeeper_session_'
    return `${prefix}${clusterName}${port === undefined ? '' : `-${port}`}`
  }
  const nameOf = (request: IncomingMessage) => nameFor(isSecure(request), request.headers.host)
  const cookie = (request: IncomingMessage, value: string, maxAgeMs: number) => {
    const secure = isSecure(request) ? '; Secure' : ''
    const maxAge = Math.max(0, Math.floor(maxAgeMs / 1_000))
    return `${nameOf(request)}=${value}; Path=/; Max-Age=${maxAge}; HttpOnly; SameSite=Strict${secure}`
  }
  return {
    get name() {
      return nameFor(ownUrl().startsWith('https:'), undefined)
    },
    read: (request) =>
      isOwnPage(request, isSecure(request))
        ? valueOf(request.headers.cookie, nameOf(request))
        : undefined,
    write: cookie,
    clear: (request) => cookie(request, '', 0),
  }
}

/** Programs name no origin; a browser that names none says whether the request crossed origins. */
function isOwnPage({ headers }: IncomingMessage, isSecure: boolean): boolean {
  const { origin, host } = headers
  const site = headers['sec-fetch-site']
  if (origin !== undefined) {
    return origin === `https://${host}` || (!isSecure && origin === `http://${host}`)
  }
  return site === undefined || site === 'same-origin' || site === 'none'
}

function valueOf(header: string | undefined, wanted: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const [name, value] = pair.trim().split('=', 2)
    if (name === wanted && value !== undefined && value !== '') return value
  }
  return undefined
}
